//! Words and chance: what generated packs are made of.

/// What a tool does.
#[derive(Debug)]
pub struct Verb {
    pub name: &'static str,
    /// At the head of its description.
    pub says: &'static str,
    /// True when it changes nothing.
    pub reads: bool,
}

pub const VERBS: &[Verb] = &[
    Verb { name: "get", says: "Reads", reads: true },
    Verb { name: "list", says: "Lists", reads: true },
    Verb { name: "search", says: "Finds", reads: true },
    Verb { name: "compare", says: "Compares", reads: true },
    Verb { name: "score", says: "Rates", reads: true },
    Verb { name: "create", says: "Adds to", reads: false },
    Verb { name: "update", says: "Changes", reads: false },
    Verb { name: "delete", says: "Removes", reads: false },
    Verb { name: "import", says: "Takes in", reads: false },
    Verb { name: "assign", says: "Hands on", reads: false },
];

/// Things that a business keeps records of. None that names a format: a `date` that is any text would be told so.
#[rustfmt::skip]
pub const NOUNS: &[&str] = &[
    "account", "agenda", "alarm", "answer", "archive", "asset", "award", "badge", "balance", "basket", "batch", "bench", "bonus", "booking",
    "bottle", "branch", "budget", "cabin", "cable", "camera", "campaign", "candidate", "canvas", "cargo", "carrier", "catalogue", "chapter",
    "claim", "client", "clinic", "colour", "column", "comment", "contract", "corner", "course", "crate", "credit", "crew", "dealer", "debit",
    "delivery", "depot", "design", "desk", "device", "dinner", "discount", "district", "doctor", "dossier", "draft", "engine", "estimate",
    "exhibit", "expense", "factory", "farmer", "feature", "ferry", "figure", "filter", "folder", "forecast", "frame", "freight", "garage",
    "garden", "gateway", "guest", "harbour", "height", "hotel", "invoice", "island", "journey", "kitchen", "label", "ladder", "leaflet",
    "ledger", "lesson", "letter", "licence", "locker", "lounge", "machine", "magnet", "manual", "market", "meadow", "measure", "meeting",
    "member", "merger", "mirror", "mortgage", "museum", "notice", "novel", "office", "orchard", "order", "outlet", "owner", "package",
    "painting", "parcel", "partner", "passage", "patent", "pattern", "payment", "pension", "permit", "picture", "pilot", "planet", "platform",
    "player", "pocket", "portrait", "premium", "printer", "project", "promise", "quarter", "quota", "railway", "rebate", "receipt", "recipe",
    "refund", "region", "reminder", "rental", "repair", "report", "reserve", "review", "river", "rocket", "salary", "sample", "season",
    "sensor", "shelf", "shipment", "signal", "sketch", "spare", "station", "statute", "stock", "studio", "subject", "survey", "tariff",
    "tenant", "theatre", "ticket", "timber", "tractor", "trailer", "tunnel", "vaccine", "valley", "vehicle", "vendor", "venue", "vessel",
    "village", "voucher", "wagon", "warrant", "window", "winter", "workshop",
];

/// Chance that is the same everywhere: `SplitMix64`, whose whole state is one number.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, which is not 0.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = limit as u64;
        usize::try_from(self.next() % limit).expect("it is below a usize")
    }

    pub fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// `count` different ones, in the order in which they stand.
    pub fn some<T: Copy>(&mut self, of: &[T], count: usize) -> Vec<T> {
        let mut places: Vec<usize> = (0..of.len()).collect();
        while places.len() > count {
            let gone = self.below(places.len());
            places.remove(gone);
        }
        places.into_iter().map(|place| of[place]).collect()
    }

    /// Two different ones, in any order.
    pub fn two<T: Copy>(&mut self, of: &[T]) -> [T; 2] {
        let first = self.below(of.len());
        let second = (first + 1 + self.below(of.len() - 1)) % of.len();
        [of[first], of[second]]
    }
}

/// Words in a row, with a capital and a full stop.
pub fn sentence(random: &mut Random, least: usize, most: usize) -> String {
    let count = random.between(least, most);
    let words: Vec<&str> = (0..count).map(|_| random.one(NOUNS)).collect();
    let mut text = words.join(" ");
    text[..1].make_ascii_uppercase();
    text.push('.');
    text
}
