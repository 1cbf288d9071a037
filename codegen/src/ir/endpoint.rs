//! The endpoint rules, type-checked: every reference resolved, every function known, and what may be empty bound to a
//! variable by a condition before it is used.

mod function;

pub use self::function::{FUNCTIONS, Function, Takes};
pub use crate::model::endpoint_rules::ParameterType;

/// The rules of a service and the partitions that they ask about.
#[derive(Debug, Default)]
pub struct RuleSet {
    /// What the rules decide by.
    pub parameters: Vec<Parameter>,
    /// The first whose conditions hold decides.
    pub rules: Vec<Rule>,
    /// The first one is for regions that no other knows.
    pub partitions: Vec<Partition>,
}

impl RuleSet {
    /// The partition of a region; the first one for regions that no partition knows.
    pub fn partition_of(&self, region: &str) -> Option<&Partition> {
        let mut partitions = self.partitions.iter();
        let known = partitions.find(|partition| partition.regions.iter().any(|known| known == region));
        let alike = || self.partitions.iter().find(|partition| partition.has_alike(region));
        known.or_else(alike).or(self.partitions.first())
    }

    /// The parameters that are settings of this service's clients alone.
    pub fn own_settings(&self) -> impl Iterator<Item = &Parameter> {
        let mut parameters = self.parameters.iter();
        let is_own = |parameter: &&Parameter| parameter.asked && parameter.source == Source::OwnSetting;
        std::iter::from_fn(move || parameters.find(is_own))
    }

    /// Whether operations have a say in where their requests go.
    pub fn operations_choose(&self) -> bool {
        let mut parameters = self.parameters.iter();
        parameters.any(|parameter| parameter.asked && parameter.source == Source::Operation)
    }

    /// The parameter of this name, if it is one that operations set.
    pub fn operation_parameter(&self, name: &str) -> Option<&Parameter> {
        let mut parameters = self.parameters.iter();
        parameters.find(|parameter| parameter.name == name && parameter.source == Source::Operation)
    }
}

/// Something that the rules decide by.
#[derive(Debug, PartialEq)]
pub struct Parameter {
    /// Its name in the rules, such as `KvsARN`.
    pub name: String,
    /// Its field, such as `kvs_arn`.
    pub field: String,
    /// Markdown.
    pub docs: String,
    /// The type of its value.
    pub ty: ParameterType,
    /// Where its value comes from.
    pub source: Source,
    /// Whether the rules are not asked without a value.
    pub required: bool,
    /// Whether the rules look at it at all.
    pub asked: bool,
    /// Its value when there is none.
    pub default: Option<Constant>,
    /// The variable that the rules find a value in which is required or has a default.
    pub variable: Option<String>,
}

/// Where the value of a parameter comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The client's settings.
    Client(Setting),
    /// A setting that only clients of this service have.
    OwnSetting,
    /// An operation: what the description says of it, or a member of its input.
    Operation,
    /// Nowhere in this client.
    Nowhere,
}

/// A setting of the client that rules ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The region.
    Region,
    /// The URL that the user has set.
    Endpoint,
    /// Whether the endpoint must be validated by FIPS 140.
    UseFips,
    /// Whether the endpoint must be reachable by IPv4 and IPv6.
    UseDualStack,
}

/// A value that the description writes down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constant {
    /// Text.
    Text(String),
    /// True or false.
    Boolean(bool),
    /// Texts.
    List(Vec<String>),
}

/// What an operation says to the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointParam {
    /// The field of [`Parameter::field`].
    pub field: String,
    /// Where the value is.
    pub value: EndpointParamValue,
}

/// Where an operation has the value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndpointParamValue {
    /// It is always this one.
    Static(Constant),
    /// In a member of the input, by its index.
    Member(usize),
}

/// Conditions, and what follows when all of them hold.
#[derive(Debug, PartialEq)]
pub struct Rule {
    /// In order. Later ones may use what earlier ones bind.
    pub conditions: Vec<Condition>,
    /// What follows.
    pub outcome: Outcome,
}

/// What a rule leads to.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    /// Requests go to this URL.
    Endpoint(Endpoint),
    /// There is no endpoint, for this reason.
    Error(Expression),
    /// More rules. When none of them holds, the next rule after this one is asked.
    Rules(Vec<Rule>),
}

/// Where requests go, and what else there is to say of it.
#[derive(Debug, PartialEq)]
pub struct Endpoint {
    /// The URL.
    pub url: Expression,
    /// Headers to send.
    pub headers: Vec<(String, Vec<Expression>)>,
    /// How requests are signed.
    pub signing: Signing,
    /// All properties, those that say how to sign among them. Only tests of the rules ask for them.
    pub properties: Vec<(String, Property)>,
}

/// How requests to an endpoint are signed.
#[derive(Debug, Default, PartialEq)]
pub enum Signing {
    /// As all requests of the client.
    #[default]
    AsUsual,
    /// With Signature Version 4, but not quite as usual.
    SigV4 {
        /// The name of the service.
        name: Option<Expression>,
        /// The region.
        region: Option<Expression>,
        /// Whether the path of the URL is percent-encoded again.
        double_encode: bool,
        /// Whether the path of the URL is normalized.
        normalize_path: bool,
    },
    /// Only with Signature Version 4a, which the client does not have.
    SigV4a,
    /// Only in a session of S3 Express, which the client does not have.
    S3Express,
}

/// The value of a property of an endpoint.
#[derive(Debug, PartialEq)]
pub enum Property {
    /// Text.
    Text(Expression),
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Values.
    List(Vec<Property>),
    /// Values by name.
    Map(Vec<(String, Property)>),
}

/// Something that holds or does not, and may bind a variable for what comes after it.
#[derive(Debug, PartialEq)]
pub enum Condition {
    /// It is true.
    Holds(Expression),
    /// It is not empty; what it is goes into a variable.
    Bind(String, Expression),
    /// It holds always; its value goes into a variable.
    Let(String, Expression),
}

/// The type of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// True or false.
    Boolean,
    /// Text.
    Text,
    /// Texts.
    List,
    /// A partition.
    Partition,
    /// The parts of a URL.
    Url,
    /// The parts of an ARN.
    Arn,
}

/// A value, or the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// True or false, as written.
    Boolean(bool),
    /// A number, as written.
    Size(u32),
    /// Text, as written.
    Text(String),
    /// Texts, one after the other: a text.
    Concat(Vec<Expression>),
    /// A parameter of the client's settings. It may be empty if it is a text.
    Setting(Setting),
    /// The field of a parameter that operations set; it may be empty. Whether it is a list.
    Parameter(String, bool),
    /// A variable.
    Variable(String),
    /// A field of a record, which the variable is.
    Field(String, Field),
    /// An element of a list, which may be empty. A negative index counts from the end.
    Element(Box<Expression>, i32),
    /// The opposite.
    Not(Box<Expression>),
    /// Whether two texts or two booleans are the same.
    Equal(Box<[Expression; 2]>),
    /// Whether something that may be empty is not.
    IsSet(Box<Expression>),
    /// What may be empty, if it is not, else the second.
    OrElse {
        /// What may be empty.
        first: Box<Expression>,
        /// What may be empty only if `is_optional` says so.
        second: Box<Expression>,
        /// Whether the second may be empty.
        is_optional: bool,
    },
    /// One of two values.
    IfElse(Box<[Expression; 3]>),
    /// Something that is not empty, in a place for what may be.
    Some(Box<Expression>),
    /// What the second makes of the value of the first, which may be empty; the variable holds it. Whether the second may
    /// be empty, too.
    Then {
        /// What may be empty.
        first: Box<Expression>,
        /// Its name in the second.
        variable: String,
        /// What becomes of it.
        second: Box<Expression>,
        /// Whether the second may be empty.
        is_optional: bool,
    },
    /// A function with its arguments.
    Call(&'static Function, Vec<Expression>),
}

impl Expression {
    /// Whether it is text that is made, and gone with the expression, not text that lies somewhere.
    pub fn is_made(&self) -> bool {
        match self {
            Self::Concat(_) => true,
            // What may be empty is a part of the argument.
            Self::Call(function, _) => function.result == Type::Text && !function.is_optional,
            _ => false,
        }
    }
}

/// A field of a partition, a URL or an ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The name of a partition.
    Name,
    /// The suffix of a partition's hosts.
    DnsSuffix,
    /// The suffix of a partition's hosts that speak IPv4 and IPv6.
    DualStackDnsSuffix,
    /// The region that stands for all of a partition.
    ImplicitGlobalRegion,
    /// Whether a partition has endpoints validated by FIPS 140.
    SupportsFips,
    /// Whether a partition has endpoints for IPv4 and IPv6.
    SupportsDualStack,
    /// The scheme of a URL.
    Scheme,
    /// Host and port of a URL.
    Authority,
    /// The path of a URL.
    Path,
    /// The path of a URL with a slash at both ends.
    NormalizedPath,
    /// Whether the host of a URL is an address.
    IsIp,
    /// The partition of an ARN.
    Partition,
    /// The service of an ARN.
    Service,
    /// The region of an ARN.
    Region,
    /// The account of an ARN.
    AccountId,
    /// The parts of the resource of an ARN.
    ResourceId,
}

/// A group of regions.
#[derive(Debug, PartialEq)]
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

impl Partition {
    /// Whether a region looks like one of this partition: prefix, word, number.
    fn has_alike(&self, region: &str) -> bool {
        self.region_prefixes.iter().any(|prefix| {
            let rest = region
                .strip_prefix(prefix.as_str())
                .and_then(|rest| rest.strip_prefix('-'));
            rest.and_then(|rest| rest.split_once('-'))
                .is_some_and(|(word, number)| {
                    let is_word = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_');
                    is_word && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
                })
        })
    }
}
