//! Diesel shows the values of a statement as Rust does; PostgreSQL reads them as literals.

/// Turns `[1, Some("a"), ["b", "c"], None]` into `'1'`, `'a'`, `'{"b", "c"}'`, `NULL`.
pub fn binds(shown: &str) -> Vec<String> {
    let inner = shown.trim().strip_prefix('[').unwrap_or_default();
    let inner = inner.strip_suffix(']').unwrap_or(inner);
    let (mut values, mut depth, mut is_quoted) = (vec![String::new()], 0, false);
    for c in inner.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            '[' | '(' if !is_quoted => depth += 1,
            ']' | ')' if !is_quoted => depth -= 1,
            _ => {}
        }
        if c == ',' && depth == 0 && !is_quoted {
            values.push(String::new());
        } else if let Some(value) = values.last_mut() {
            value.push(c);
        }
    }
    let values = values.iter().map(|value| value.trim());
    values
        .filter(|value| !value.is_empty())
        .map(literal)
        .collect()
}

fn literal(shown: &str) -> String {
    // Newtypes and options: `UnitKindId(5)`, `Some(5)`.
    if let Some((name, inner)) = shown.split_once('(')
        && let Some(inner) = inner.strip_suffix(')')
        && name.chars().all(char::is_alphanumeric)
    {
        return literal(inner);
    }
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    if shown == "None" {
        "NULL".to_owned()
    } else if let Some(list) = shown.strip_prefix('[') {
        quoted(&format!("{{{}}}", list.trim_end_matches(']')))
    } else {
        quoted(
            &shown
                .trim_matches('"')
                .replace("\\\\", "\\")
                .replace("\\\"", "\""),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::binds;

    #[test]
    fn values_become_literals() {
        assert_eq!(
            binds(r#"[UnitKindId(5), "a, b", ["c", "d"], None, Some(2025-06-30), true]"#),
            [
                "'5'",
                "'a, b'",
                r#"'{"c", "d"}'"#,
                "NULL",
                "'2025-06-30'",
                "'true'"
            ]
        );
        assert_eq!(binds(r#"[["a"]]"#), [r#"'{"a"}'"#]);
        assert!(binds("[]").is_empty());
    }
}
