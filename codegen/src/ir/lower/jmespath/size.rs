//! How large an expression is: all that parses, lowers and writes expressions is recursive.

use jmespath::Variable;
use jmespath::ast::Ast;

use super::{Malformed, malformed};

/// Longer expressions are refused. The longest of botocore has 205 characters.
const MAX_LENGTH: usize = 1000;

/// Deeper expressions are refused.
const MAX_DEPTH: usize = 64;

/// Expressions with more parts are refused. Without a limit, each `| [@, @][]` doubles them.
const MAX_PARTS: usize = 1000;

/// What the parser may go one level deeper for.
const OPENING: [char; 6] = ['!', '(', '[', '{', '*', '&'];

/// Refuses a text that is too much for the parser.
pub(super) fn check_text(text: &str) -> Result<(), Malformed> {
    if text.len() > MAX_LENGTH {
        return Err(malformed(
            "the expression is too long",
            format!("write it in {MAX_LENGTH} bytes at most, or remove the entry"),
        ));
    }
    let opening = text.matches(OPENING).count();
    if opening > MAX_DEPTH {
        return Err(malformed(
            format!("the expression has {opening} of `!`, `(`, `[`, `{{`, `*` and `&`, which may be one in the other"),
            format!("write it with {MAX_DEPTH} at most, or remove the entry"),
        ));
    }
    Ok(())
}

/// Refuses what is too large to be lowered.
pub(super) fn check(ast: &Ast) -> Result<(), Malformed> {
    let Size { depth, parts } = Size::of(ast, 1);
    if depth > MAX_DEPTH {
        return Err(malformed(
            format!("the expression has {depth} levels, one in the other"),
            format!("write it with {MAX_DEPTH} at most, or remove the entry"),
        ));
    }
    if parts > MAX_PARTS {
        return Err(malformed(
            format!("the expression has more than {MAX_PARTS} parts, once what `|` and `.` hand on is written out"),
            "name less of it on their right, or remove the entry",
        ));
    }
    Ok(())
}

/// The size of an expression.
#[derive(Clone, Copy)]
struct Size {
    /// How many expressions are one in the other.
    depth: usize,
    /// How many there are, with what is on the left of `.` and `|` counted wherever the right looks at it.
    parts: usize,
}

impl Size {
    /// The size of an expression that looks at something with that many parts.
    fn of(ast: &Ast, subject: usize) -> Self {
        let of = |ast| Self::of(ast, subject);
        match ast {
            Ast::Identity { .. } | Ast::Field { .. } | Ast::Index { .. } | Ast::Slice { .. } => Self {
                depth: 1,
                parts: subject.saturating_add(1),
            },
            Ast::Literal { value, .. } => Self::of_literal(value),
            Ast::Subexpr { lhs, rhs, .. } => {
                let left = of(lhs);
                let right = Self::of(rhs, left.parts);
                Self {
                    depth: 1 + left.depth.max(right.depth),
                    ..right
                }
            }
            // The right looks at elements.
            Ast::Projection { lhs, rhs, .. } => Self::around([of(lhs), Self::of(rhs, 1)]),
            Ast::Condition { predicate, then, .. } => Self::around([Self::of(predicate, 1), Self::of(then, 1)]),
            Ast::Comparison { lhs, rhs, .. } | Ast::And { lhs, rhs, .. } | Ast::Or { lhs, rhs, .. } => {
                Self::around([of(lhs), of(rhs)])
            }
            Ast::Not { node, .. }
            | Ast::Flatten { node, .. }
            | Ast::ObjectValues { node, .. }
            | Ast::Expref { ast: node, .. } => Self::around([of(node)]),
            Ast::Function { args: parts, .. } | Ast::MultiList { elements: parts, .. } => {
                Self::around(parts.iter().map(of))
            }
            Ast::MultiHash { elements, .. } => Self::around(elements.iter().map(|entry| of(&entry.value))),
        }
    }

    fn of_literal(value: &Variable) -> Self {
        match value {
            Variable::Array(elements) => Self::around(elements.iter().map(|element| Self::of_literal(element))),
            _ => Self::around([]),
        }
    }

    /// The size of an expression that has these in it.
    fn around(inner: impl IntoIterator<Item = Self>) -> Self {
        let nothing = Self { depth: 0, parts: 0 };
        let inner = inner.into_iter().fold(nothing, |sum, size| Self {
            depth: sum.depth.max(size.depth),
            parts: sum.parts.saturating_add(size.parts),
        });
        Self {
            depth: inner.depth + 1,
            parts: inner.parts.saturating_add(1),
        }
    }
}
