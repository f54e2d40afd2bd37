//! What stands open while a shell script is read: its kind, how far it has come, and where it began.

use std::ops::Range;

/// What was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The script itself. Nothing closes it but its end.
    Script,
    If,
    /// `while`, `until`, `for` and `select`.
    Loop,
    Case,
    /// `{ … }`
    Group,
    /// `( … )`
    Subshell,
    /// `$( … )`
    Substitution,
    /// `<( … )` and `>( … )`
    Process,
    /// `"…"`
    Quotes,
    /// `${…}`
    Expansion {
        /// True when it stands in double quotes.
        quoted: bool,
        /// True when `'` quotes in it whatever stands around.
        pattern: bool,
    },
    /// `((…))` and `$((…))`
    Arithmetic,
    /// `x=( … )`
    Array,
    /// `[[ … ]]`
    Test,
    /// `@( … )` and its kin, in patterns.
    Pattern,
}

impl Kind {
    /// True when commands stand in it.
    pub(super) fn holds_commands(self) -> bool {
        matches!(
            self,
            Self::Script | Self::If | Self::Loop | Self::Case | Self::Group | Self::Subshell | Self::Substitution | Self::Process
        )
    }

    /// What ends it.
    pub(super) fn closer(self) -> &'static str {
        match self {
            Self::Script => "",
            Self::If => "fi",
            Self::Loop => "done",
            Self::Case => "esac",
            Self::Group | Self::Expansion { .. } => "}",
            Self::Subshell | Self::Substitution | Self::Process | Self::Array | Self::Pattern => ")",
            Self::Quotes => "\"",
            Self::Arithmetic => "))",
            Self::Test => "]]",
        }
    }
}

/// How far a block has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Commands that are its content. Blocks without a head have nothing else.
    Body,
    /// The commands between `if` and `then`, or `while` and `do`.
    Condition,
    /// Behind `else`.
    Else,
    /// `for` waits for its name, or for `((`.
    Name,
    /// Behind the name: `in`, or `do`.
    Named,
    /// Behind `in`.
    Items,
    /// The head is complete, and `do` must come.
    Ready,
    /// `case` waits for the word that it looks at.
    Subject,
    /// `case` waits for `in`.
    In,
    /// A pattern may begin, or `esac` come.
    Patterns,
    /// A pattern must come: behind its `(` or a `|`.
    Alternative,
    /// A pattern has been read: `|` or `)`.
    Matched,
}

/// Where in a command the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A command may begin, and words such as `if` mean what they say.
    Start,
    /// The same, behind `!`, `time` or the head of a function.
    Begun,
    /// The same, and one must: behind `|`, `&&` or `||`.
    Needed,
    /// Behind `function`.
    FunctionName,
    /// Behind assignments and redirections: `if` is the name of a command now.
    Name,
    /// Behind a command's name.
    FirstArgument,
    Arguments,
    /// Behind what closes a block.
    After,
    /// Behind a block's redirection.
    Redirected,
}

/// Something open.
#[derive(Debug, Clone)]
pub(super) struct Open {
    pub(super) kind: Kind,
    /// What opened it.
    pub(super) at: Range<usize>,
    pub(super) stage: Stage,
    pub(super) place: Place,
    /// Where the word begins that is being read.
    pub(super) word: Option<usize>,
    /// True when the next word is where something is redirected to.
    pub(super) redirects: bool,
    /// The last `|`, `&&` or `||`.
    pub(super) operator: Range<usize>,
    /// What began the present part of the block: `then`, `do`, `{`.
    pub(super) part: Range<usize>,
    /// True when a command stands in the present part.
    pub(super) filled: bool,
    /// How many parentheses are open within what counts them.
    pub(super) depth: usize,
    /// True when arithmetic might be commands, in which parentheses would mean something else.
    pub(super) doubtful: bool,
}

impl Open {
    pub(super) fn new(kind: Kind, at: Range<usize>) -> Self {
        Self {
            kind,
            part: at.clone(),
            at,
            stage: Stage::Body,
            place: Place::Start,
            word: None,
            redirects: false,
            operator: 0..0,
            filled: false,
            depth: 0,
            doubtful: false,
        }
    }

    pub(super) fn at_stage(mut self, stage: Stage) -> Self {
        self.stage = stage;
        self
    }

    /// True where commands may stand: not in the head of a `for` or `case`.
    pub(super) fn in_commands(&self) -> bool {
        matches!(self.stage, Stage::Body | Stage::Condition | Stage::Else)
    }

    /// True where a command may begin.
    pub(super) fn at_start(&self) -> bool {
        matches!(self.place, Place::Start | Place::Begun | Place::Needed)
    }

    /// Begins a block's next part: behind `then`, behind `do`.
    pub(super) fn turn(&mut self, stage: Stage, part: Range<usize>) {
        self.stage = stage;
        self.place = Place::Start;
        self.part = part;
        self.filled = false;
    }
}
