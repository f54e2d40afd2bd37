//! What tools are told for the sake of models.
