use super::from_html;

/// Lines are given with a `|` at the margin, so that white space shows.
#[track_caller]
fn check(html: &str, markdown: &str) {
    let expected: Vec<&str> = markdown
        .lines()
        .filter_map(|line| Some(line.split_once('|')?.1))
        .collect();
    let actual = from_html(html);
    assert_eq!(actual, expected.join("\n"), "in full:\n{actual}\n");
}

#[test]
fn nothing_stays_nothing() {
    for html in ["", " \n ", "<p></p>", "<p> <b/> </p><ul><li></li></ul>", "<!-- x -->"] {
        assert_eq!(from_html(html), "", "{html}");
    }
}

#[test]
fn plain_text_is_one_paragraph() {
    check("The name\n   of the\tendpoint. ", "|The name of the endpoint.");
}

#[test]
fn paragraphs_are_apart() {
    check(
        "<p>One.</p><p> Two.<br/> Still two.<br></p>text <div>Three.</div>",
        r"|One.
          |
          |Two.\
          |Still two.
          |
          |text
          |
          |Three.",
    );
}

#[test]
fn a_title_is_the_summary() {
    check(
        "<fullname>Amazon Foo</fullname> <p>Makes foo.</p> <h2>More</h2><p>Bar.</p>",
        "|Amazon Foo
         |
         |Makes foo.
         |
         |**More**
         |
         |Bar.",
    );
}

#[test]
fn entities_are_decoded_and_unknown_tags_passed_over() {
    check(
        "<region>a &quot;b&quot; &#8212; <zonbook>c&nbsp;d</zonbook> R&amp;D</p></nothing>",
        r#"|a "b" — c d R&D"#,
    );
}

#[test]
fn prose_is_wrapped_at_96() {
    let words = |count| vec!["seven77"; count].join(" ");
    assert_eq!(from_html(&words(24)), format!("{0}\n{0}", words(12)));
    let exact = format!("{} {}", words(11), "eight888");
    assert_eq!(from_html(&format!("{exact} {exact}")), format!("{exact}\n{exact}"));
    let over = format!("{} {}", words(11), "nine99999");
    assert_eq!(from_html(&over), format!("{}\nnine99999", words(11)));
    let umlauts = "ü".repeat(95);
    assert_eq!(from_html(&format!("{umlauts} ü")), format!("{umlauts}\nü"));
    assert_eq!(
        from_html(&format!("{} ü", &umlauts[2..])),
        format!("{} ü", &umlauts[2..])
    );
}

#[test]
fn lists_nest_with_hanging_indents() {
    check(
        "<p>Values:</p><ul> <li> <p>First, long enough to go on until there is no more room for it on
            the line on which it first began.</p> <p>More.</p> </li> <li>Second <ol><li>a<li>b</ol></li>
            stray </ul>After.",
        "|Values:
         |
         |- First, long enough to go on until there is no more room for it on the line on which it first
         |  began.
         |
         |  More.
         |- Second
         |  1. a
         |  2. b
         |
         |  stray
         |
         |After.",
    );
}

#[test]
fn definitions_are_items_with_a_bold_term() {
    check(
        "<dl> <dt> <code>Fast</code> </dt> <dd> <p>Quick.</p> <p>Dear.</p> </dd>
         <dt>Slow</dt> <dd>Cheap.</dd> <dt>Other</dt> <dd><ul><li>x</li></ul></dd> </dl>",
        "|- **`Fast`**: Quick.
         |
         |  Dear.
         |- **Slow**: Cheap.
         |- **Other**:
         |  - x",
    );
}

#[test]
fn notes_are_quotes() {
    check(
        "<p>Text.</p> <note> <p>Something that goes on for so long that there is no way for it to be on
            one line only.</p> <ul> <li> <p>a</p> </li> </ul> </note> <important>Now.</important>",
        "|Text.
         |
         |> **Note:** Something that goes on for so long that there is no way for it to be on one line
         |> only.
         |>
         |> - a
         |
         |> **Important:** Now.",
    );
}

#[test]
fn a_quote_in_a_list_and_a_list_in_a_quote() {
    check(
        "<ul><li><p>a</p><warning><p>hot</p></warning></li><li><blockquote>b</blockquote></li></ul>",
        "|- a
         |
         |  > **Warning:** hot
         |- > b",
    );
}

#[test]
fn code_is_never_broken_nor_escaped() {
    check(
        "<code>a  *b*</code>, <code> <i>c</i> </code>. <code>x`y</code> <code>`</code>\
         <code>z</code> the <code>{ &quot;very first key&quot;: [1, 2, 3], &quot;another&quot;: [4, 5, 6, 7, 8, 9] }</code>",
        r#"|`a *b*`, `c`. ``x`y`` `` `z `` the
           |`{ "very first key": [1, 2, 3], "another": [4, 5, 6, 7, 8, 9] }`"#,
    );
}

#[test]
fn preformatted_text_is_fenced_and_not_compiled() {
    check(
        "Run:<ol><li><pre><code>\n$ a &lt; b\n\n  ```\n</code></pre></li></ol>",
        "|Run:
         |
         |1. ````text
         |   $ a < b
         |
         |     ```
         |   ````",
    );
}

#[test]
fn links_keep_together() {
    check(
        "<p>For more, see <a href=' https://x.y/a_b(c d) '> the <b>guide</b> to [it]</a>. Not <a>Op</a>
            nor <a href='/rel'>rel</a>, but <code> <a href='http://x'>Op</a> </code>! And<a href='http://y'>
            one that is rather long for the rest of it</a></p>",
        r"|For more, see [the **guide** to \[it\]](https://x.y/a_b%28c%20d%29). Not `Op` nor rel, but
          |[`Op`](http://x) ! And [one that is rather long for the rest of it](http://y)",
    );
}

#[test]
fn bare_urls_become_links() {
    check(
        "See (http://x.y/a_b), https://z.w/?q=1&amp;r=[s]. <code>https://c</code>
            <a href='https://d'>https://d</a> https:// https://é.",
        r"|See (<http://x.y/a_b>), <https://z.w/?q=1&r=>\[s\]. `https://c` [https://d](https://d) https://
          |<https://é>.",
    );
}

#[test]
fn emphasis_stands_between_words() {
    check(
        "<b> Bold </b>and<i> it <b>both</b></i>, (<em>x</em>) <b><strong>y</strong></b> in<i>fix</i>ed
            <b>a</b><i>b</i> <b>never closed",
        "|**Bold** and *it **both***, (*x*) **y** in*fix*ed ab never closed",
    );
}

#[test]
fn a_label_is_apart_from_its_sentence() {
    check("<b>IPv4</b>Assign one.", "|**IPv4** Assign one.");
    check("Use <b>IPv4</b>Assign.", "|Use **IPv4**Assign.");
    check("a<b>b</b>.c <b>d.</b>e <b>f</b>", "|a**b**.c d.e **f**");
}

#[test]
fn a_link_to_nowhere_is_the_name_of_something() {
    check(
        "Use <a>GetThing</a> or <a>the other</a>, not <a href=''>Old</a>s.",
        "|Use `GetThing` or the other, not `Old`s.",
    );
}

#[test]
fn text_in_backticks_is_code() {
    check(
        "Set `a_b` or ``null``, (`x  y`). <code>`q`</code> `<i>z</i>` ` ` it`s",
        r"|Set `a_b` or `null`, (`x y`). `` `q` `` \`*z*\` \` \` it\`s",
    );
}

#[test]
fn what_markdown_would_react_to_is_escaped() {
    check(
        r"[x] *y* snake_case _z_ __init__ `q ~5~ a\b c\* &lt;T> 1 &lt; 2 &amp;lt; AT&amp;T --x wow",
        r"|\[x\] \*y\* snake_case \_z\_ \_\_init\_\_ \`q \~5\~ a\b c\\\* \<T> 1 < 2 \&lt; AT&T -\-x wow",
    );
    check("wow!<a href='http://x'>y</a>", r"|wow\![y](http://x)");
}

#[test]
fn no_space_is_left_before_a_full_stop_or_comma() {
    check(
        "<i>A Guide</i> . <code>b</code> , <a href='http://c'>c</a> , <b>d</b> .e, and these: - . _",
        r"|*A Guide*. `b`, [c](http://c), **d** .e, and these: - . \_",
    );
}

#[test]
fn html_that_was_escaped_twice_is_read_twice() {
    check(
        "&lt;p&gt;One &amp;lt; two.&lt;/p&gt; &lt;ul&gt;&lt;li&gt;a&lt;/li&gt;&lt;/ul&gt;",
        "|One < two.
         |
         |- a",
    );
    check("<p>Is &lt;code&gt;null&lt;/code&gt; then.</p>", "|Is `null` then.");
    check("&amp;lt;p&amp;gt; &lt;/p&gt;", r"|\<p>");
    check("<code>&lt;p&gt;x&lt;/p&gt;</code>", "|`<p>x</p>`");
    check(
        "The tag &lt;speak&gt; and its end &lt;/speak&gt;",
        r"|The tag \<speak> and its end \</speak>",
    );
}

#[test]
fn a_colon_at_the_end_announces_nothing() {
    check("<p>One of these values:</p>", "|One of these values.");
    check("<p>These:</p><pre>a:</pre>", "|These:\n|\n|```text\n|a:\n|```");
}

/// Words that touch are one, whatever tags there are between them.
#[test]
fn what_markdown_would_react_to_across_tags_is_escaped() {
    for (html, markdown) in [
        ("&amp;</a>lt;", r"\&lt;"),
        ("&amp;<x>#6</x><b></b>5; &amp;lt <x>;", r"\&#65; &lt ;"),
        ("<i>&amp;lt </i>; x", "*&lt*; x"),
        ("<x>&amp;lt </x>;", "&lt ;"),
        ("<code>&amp;</code>lt;", "`&`lt;"),
        ("-</a>- x", r"-\- x"),
        ("a_</a>b _</a>b", r"a_b \_b"),
        ("&lt;</a>b>", r"\<b>"),
        ("see http</a>://x.y.", "see <http://x.y>."),
        ("<a href='http://x'>R&amp;<b></b>lt;</a>", r"[R\&lt;](http://x)"),
    ] {
        assert_eq!(from_html(html), markdown, "{html}");
    }
}

#[test]
fn what_markdown_reacts_to_at_the_start_of_a_line_is_escaped() {
    for (html, markdown) in [
        ("# x", r"\# x"),
        ("+ x", r"\+ x"),
        ("- x", r"\- x"),
        ("-1 is less", "-1 is less"),
        ("1. x", r"1\. x"),
        ("2) x", r"2\) x"),
        ("status<br>202. x<br>01. y", "status\\\n202. x\\\n01\\. y"),
        ("1.5 x", "1.5 x"),
        ("> x", r"\> x"),
        ("a<br>===", "a\\\n\\==="),
        ("a | b<br>| - | - |", "a | b\\\n\\| - | - |"),
        ("<li>- x", r"- \- x"),
    ] {
        assert_eq!(from_html(html), markdown, "{html}");
    }
}

#[test]
fn tables_have_a_head_and_full_rows() {
    check(
        "<table><thead><tr><th>Name</th></tr></thead> <tbody><tr> <td><p>a|b</p><p>c</p></td>
            <td><code>d</code> </td></tr></tbody></table> <p>After.</p><table></table>",
        r"|| Name |  |
          || --- | --- |
          || a\|b c | `d` |
          |
          |After.",
    );
}

#[test]
fn what_the_compiler_refuses_in_comments_is_dropped() {
    check(
        "a\u{202e}b\u{0}&#13;c<pre>d&#13;e\u{2066}</pre>",
        "|ab c\n|\n|```text\n|d\n|e\n|```",
    );
}

/// However many there are in one word.
#[test]
fn urls_without_a_space_between_them() {
    let urls = 20_000;
    assert_eq!(from_html(&"http://x,&lt;".repeat(urls)), "<http://x>,\\<".repeat(urls));
}

/// Neither order nor kind of tags can do harm. The generator of the soups is Knuth's MMIX.
#[test]
fn any_soup_of_tags_is_digested() {
    const SOUP: &str = "<p> </p> <b> </b> <i> </i> <code> </code> <a> </a> <a/href=http://x> <ul> </ul> \
        <ol> </ol> <li> </li> <dl> <dt> </dt> <dd> </dd> <note> </note> <h1> </h1> <pre> </pre> <br> \
        <table> <tr> <td> </td> </table> <x> < > &lt; & \\ ` `` * _ [ ] ! # - 1. | word wörd http://y.z";
    let tokens: Vec<&str> = SOUP.split(' ').collect();
    let mut state = 42_u64;
    let mut random = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for _ in 0..2000 {
        let mut soup = String::new();
        for _ in 0..random(120) {
            soup += tokens[random(tokens.len())];
            soup += if random(3) == 0 { "" } else { " " };
        }
        let markdown = from_html(&soup);
        assert_eq!(markdown, from_html(&soup), "{soup}");
        for line in markdown.lines().filter(|line| line.chars().count() > 100) {
            let text = line.trim_start_matches(|c: char| " >-.".contains(c) || c.is_numeric());
            let unbreakable = ["`", "](", "| "].iter().any(|mark| text.contains(mark)) || !text.contains(' ');
            assert!(unbreakable || markdown.contains("```text"), "{soup}\n{line}");
        }
    }
}
