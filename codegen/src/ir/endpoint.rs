//! The endpoint rules, type-checked: every reference resolved, every function known.

/// The rules of a service and the partitions that they ask about.
#[derive(Debug, Default)]
pub struct RuleSet {
    /// The first whose conditions hold decides.
    pub rules: Vec<Rule>,
    /// The first one is for regions that no other knows.
    pub partitions: Vec<Partition>,
}

/// Conditions, and what follows when all of them hold.
#[derive(Debug)]
pub struct Rule {
    /// In order. Later ones may use what earlier ones bind.
    pub conditions: Vec<Condition>,
    /// What follows.
    pub outcome: Outcome,
}

/// What a rule leads to.
#[derive(Debug)]
pub enum Outcome {
    /// Requests go to this URL.
    Endpoint(Text),
    /// There is no endpoint, for this reason.
    Error(Text),
    /// More rules. When none of them holds, the next rule after this one is asked.
    Rules(Vec<Rule>),
}

/// Something that holds or does not.
#[derive(Debug)]
pub enum Condition {
    /// It is true.
    Holds(Boolean),
    /// A parameter is set; its value is a variable from here on.
    Set {
        /// Which one.
        parameter: OptionalParameter,
        /// The variable.
        variable: String,
    },
    /// A region has a partition, which is a variable from here on.
    Partition {
        /// The region.
        region: Text,
        /// The variable.
        variable: String,
    },
}

/// A parameter that need not be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionalParameter {
    /// The URL that the user has set.
    Endpoint,
    /// The region.
    Region,
}

/// A parameter that is true or false.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// Whether the endpoint must be reachable by IPv4 and IPv6.
    UseDualStack,
    /// Whether the endpoint must be validated by FIPS 140.
    UseFips,
}

/// An expression that is true or false.
#[derive(Debug)]
pub enum Boolean {
    /// As written.
    Literal(bool),
    /// A parameter.
    Flag(Flag),
    /// What a partition in a variable supports.
    Attribute(String, BooleanAttribute),
    /// The opposite.
    Not(Box<Boolean>),
    /// Whether both are the same.
    Equal(Box<[Boolean; 2]>),
    /// Whether both texts are the same.
    EqualText(Box<[Text; 2]>),
    /// Whether a parameter is not set.
    Unset(OptionalParameter),
}

/// What a partition supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BooleanAttribute {
    /// Endpoints for IPv4 and IPv6.
    SupportsDualStack,
    /// Endpoints validated by FIPS 140.
    SupportsFips,
}

/// An expression that is text: its parts, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(pub Vec<TextPart>);

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextPart {
    /// As written.
    Literal(String),
    /// A variable.
    Variable(String),
    /// A name or suffix of the partition in a variable.
    Attribute(String, TextAttribute),
}

/// What texts a partition has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextAttribute {
    /// The suffix of its hosts.
    DnsSuffix,
    /// The suffix of its hosts that speak IPv4 and IPv6.
    DualStackDnsSuffix,
    /// The region that stands for all of it.
    ImplicitGlobalRegion,
    /// Its name.
    Name,
}

/// A group of regions.
#[derive(Debug)]
pub struct Partition {
    /// Its name, such as `aws`.
    pub name: String,
    /// The suffix of its hosts.
    pub dns_suffix: String,
    /// The suffix of its hosts that speak IPv4 and IPv6.
    pub dual_stack_dns_suffix: String,
    /// Whether it has endpoints validated by FIPS 140.
    pub supports_fips: bool,
    /// Whether it has endpoints for IPv4 and IPv6.
    pub supports_dual_stack: bool,
    /// The region that stands for all of it.
    pub implicit_global_region: String,
    /// Its regions.
    pub regions: Vec<String>,
    /// What its regions that are not listed begin with: `us` for `us-word-1`.
    pub region_prefixes: Vec<String>,
}
