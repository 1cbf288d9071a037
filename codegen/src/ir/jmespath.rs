//! JMESPath expressions, resolved against the types of what they look at.
//!
//! The language knows no types: what does not fit is null. Here each expression has the kind of its value, and it is known
//! which ones may be null, so that it can be written as Rust. What has no place in these types is refused.

use super::Type;

/// An expression: what it does, and what comes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// What it does.
    pub form: Form,
    /// What its value is.
    pub kind: Kind,
    /// Whether it may be null. Lists that are computed never are: a list that is not there has no elements.
    pub optional: bool,
}

/// What an expression does.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// Gives what it looks at: an output, or an element of a list.
    Subject,
    /// A member of an output or a structure.
    Field {
        /// What has the member.
        of: Box<Expression>,
        /// Its Rust name. It may be a raw identifier.
        field: String,
        /// Its type.
        ty: Type,
        /// Whether it is behind a pointer.
        boxed: bool,
        /// Whether the field is an `Option`.
        optional: bool,
        /// Whether it must not be shown.
        sensitive: bool,
    },
    /// The value of a map under this name.
    Entry(Box<Expression>, String),
    /// The element at this place of a list, counted from the end where negative.
    Index(Box<Expression>, i32),
    /// The names of a map.
    Keys(Box<Expression>),
    /// The values of a map.
    Values(Box<Expression>),
    /// What the second gives for each element of the first, without nulls.
    Each(Box<Expression>, Box<Expression>),
    /// The elements of the first for which the second is true.
    Filter(Box<Expression>, Box<Expression>),
    /// The elements of the lists in a list.
    Flatten(Box<Expression>),
    /// Values, and the elements of lists, one after the other and without nulls.
    Concat(Vec<Expression>),
    /// Always this.
    Literal(Literal),
    /// Whether two values are in this relation.
    Compare(Box<Expression>, Comparator, Box<Expression>),
    /// Whether both are true.
    And(Box<Expression>, Box<Expression>),
    /// Whether one is true.
    Or(Box<Expression>, Box<Expression>),
    /// Whether it is not true.
    Not(Box<Expression>),
    /// The first, or the second where the first is null or empty.
    Otherwise(Box<Expression>, Box<Expression>),
    /// The number of elements or characters.
    Length(Box<Expression>),
    /// Whether a text or a list has the second in it.
    Contains(Box<Expression>, Box<Expression>),
    /// Whether a text starts with the second.
    StartsWith(Box<Expression>, Box<Expression>),
    /// Whether a text ends with the second.
    EndsWith(Box<Expression>, Box<Expression>),
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// An output as a whole.
    Output,
    /// Text, also that of an enum.
    Text,
    /// A whole number of this type.
    Integer(Type),
    /// A number of this type.
    Float(Type),
    /// True or false.
    Boolean,
    /// A structure: a key of [`Service::types`](super::Service::types).
    Structure(String),
    /// A list in an output.
    List {
        /// What is in it.
        element: Type,
        /// Whether there may be nulls in it.
        sparse: bool,
    },
    /// A map in an output.
    Map {
        /// The type of its names.
        key: Type,
        /// What is in it.
        value: Type,
        /// Whether there may be nulls in it.
        sparse: bool,
    },
    /// A list that is computed, without nulls.
    Sequence(Box<Kind>),
    /// Nothing.
    Null,
    /// Something that nothing is known of but whether it is there.
    Opaque(Type),
}

impl From<&Type> for Kind {
    fn from(ty: &Type) -> Self {
        match ty {
            Type::String | Type::JsonText | Type::Enum(_) => Self::Text,
            Type::Byte | Type::Short | Type::Integer | Type::Long => Self::Integer(ty.clone()),
            Type::Float | Type::Double => Self::Float(ty.clone()),
            Type::Boolean => Self::Boolean,
            Type::Structure(name) => Self::Structure(name.clone()),
            Type::List { element, sparse, .. } => Self::List {
                element: (**element).clone(),
                sparse: *sparse,
            },
            Type::Map { key, value, sparse, .. } => Self::Map {
                key: (**key).clone(),
                value: (**value).clone(),
                sparse: *sparse,
            },
            Type::Blob | Type::Timestamp(_) | Type::Document | Type::Union(_) | Type::EventStream(_) => {
                Self::Opaque(ty.clone())
            }
        }
    }
}

/// A value that an expression or a waiter writes down.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// True or false.
    Boolean(bool),
    /// Nothing.
    Null,
}

/// A relation between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparator {
    /// What is true where this is false, unless a side is null.
    pub fn opposite(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::GreaterOrEqual,
            Self::LessOrEqual => Self::Greater,
            Self::Greater => Self::LessOrEqual,
            Self::GreaterOrEqual => Self::Less,
        }
    }
}

impl Expression {
    /// Whether it is a member, or a member of a member, and nothing else.
    pub fn is_chain(&self) -> bool {
        match &self.form {
            Form::Subject => true,
            Form::Field { of, .. } => of.is_chain(),
            _ => false,
        }
    }

    /// Whether it is the same whatever it looks at.
    pub fn is_constant(&self) -> bool {
        match &self.form {
            Form::Subject => false,
            Form::Literal(_) => true,
            Form::Field { of, .. }
            | Form::Entry(of, _)
            | Form::Index(of, _)
            | Form::Keys(of)
            | Form::Values(of)
            | Form::Flatten(of)
            | Form::Not(of)
            | Form::Length(of)
            // The second of them looks at elements of the first.
            | Form::Each(of, _)
            | Form::Filter(of, _) => of.is_constant(),
            Form::Concat(parts) => parts.iter().all(Self::is_constant),
            Form::Compare(left, _, right)
            | Form::And(left, right)
            | Form::Or(left, right)
            | Form::Otherwise(left, right)
            | Form::Contains(left, right)
            | Form::StartsWith(left, right)
            | Form::EndsWith(left, right) => left.is_constant() && right.is_constant(),
        }
    }

    /// Whether it shows what must not be shown, or may do so for all that is known.
    pub fn is_sensitive(&self) -> bool {
        match &self.form {
            Form::Subject => false,
            Form::Field { of, sensitive, .. } => *sensitive || of.is_sensitive(),
            _ => true,
        }
    }

    /// The opposite of something that is true or false, without `!` where it can be had without.
    pub fn negated(self) -> Self {
        let form = match self.form {
            Form::Not(condition) => return *condition,
            Form::Literal(Literal::Boolean(value)) => Form::Literal(Literal::Boolean(!value)),
            // Null is in no order with anything, so that both an order and its opposite are false.
            Form::Compare(left, comparator, right)
                if matches!(comparator, Comparator::Equal | Comparator::NotEqual)
                    || !(left.optional || right.optional) =>
            {
                Form::Compare(left, comparator.opposite(), right)
            }
            form => Form::Not(Box::new(Self::condition(form))),
        };
        Self::condition(form)
    }

    /// Something that is true or false.
    pub fn condition(form: Form) -> Self {
        Self {
            form,
            kind: Kind::Boolean,
            optional: false,
        }
    }
}
