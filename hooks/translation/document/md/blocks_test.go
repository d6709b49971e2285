package md_test

import "testing"

// TestBlocks says for each construct what there is to translate.
func TestBlocks(t *testing.T) {
	tests := []struct {
		name, file string
		want       []string
	}{
		// Blocks.
		{"heading", "# One #\n\n## Two ##\n", []string{"One", "Two"}},
		{"underlined heading", "One\n===\n\nTwo\nthree\n---\n", []string{"One", "Two three"}},
		{"heading id", "# One {#one}\n", []string{"One"}},
		{"soft line breaks", "One\ntwo \nthree.", []string{"One two three."}},
		{"soft line breaks between Chinese", "第一行，\n第二行 \nEnglish", []string{"第一行，第二行 English"}},
		{"soft line breaks in Korean", "첫째\n둘째", []string{"첫째 둘째"}},
		{"quote", "> One\n> two\n>\n> > Three\nfour", []string{"One two", "Three four"}},
		{"list", "- One\n  two\n- Three\n\n  Four\n    1. Five\n", []string{"One two", "Three", "Four", "Five"}},
		{"task list", "- [ ] One\n- [x]  Two\n", []string{"One", "Two"}},
		{"table", "| One | Two |\n|:--|--:|\n| a \\| b | 3 |\n", []string{"One", "Two", "a | b"}},
		{"table without outer pipes", "One | Two\n--- | ---\nthree | `four`\n", []string{"One", "Two", "three"}},
		{"definition list", "Term\n: Meaning\n", []string{"Term", "Meaning"}},
		{"footnote", "One[^a].\n\n[^a]: Note\n    more\n\n    Second.\n", []string{"One<1/>.", "Note more", "Second."}},
		{"alert", "> [!NOTE]\n> One\n> two\n", []string{"One two"}},
		{"alert with a title", "> [!note]- Title\n> One\n> two\n", []string{"Title", "One two"}},
		{"admonition", "!!! note \"Title\"\n    One\n    two\n\nThree\n", []string{"One two", "Three"}},
		{"directive", "::: tip\nOne\n:::\n", []string{"One"}},
		{"reference definitions", "One [two].\n\n[two]: http://x.org \"Title\"\n", []string{"One <1>two</1>."}},

		// What is no text.
		{"YAML front matter", "---\ntitle: One\n# x\n---\nTwo\n", []string{"Two"}},
		{"TOML front matter", "+++\ntitle = 'One'\n+++\nTwo\n", []string{"Two"}},
		{"JSON front matter", "{\n \"title\": \"One}\"\n}\nTwo\n", []string{"Two"}},
		{"a rule is no front matter", "---\n\nOne, two.\n\n---\n", []string{"One, two."}},
		{"a shortcode is no front matter", "{{< x >}}\n\nOne\n", []string{"One"}},
		{"code", "```go\n// One\n```\n\n    indented\n\nTwo\n", []string{"Two"}},
		{"HTML block", "<div>\n*One*\n</div>\n\n<!-- x\n\ny -->\n\nTwo\n", []string{"Two"}},
		{"formula", "$$\na *b* c\n$$\n\nTwo\n$$x$$\n", []string{"Two"}},
		{"shortcodes on lines", "{{< note >}}\nOne\n{{< /note >}}\n{{% x\n  y=\"z\" %}}\nTwo\n", []string{"One", "Two"}},
		{"code within shortcodes", "{{< highlight go >}}\nx *y*\n\nz\n{{< /highlight >}}\nOne\n", []string{"One"}},
		{"a self-closing shortcode", "{{< code-include x />}}\n\nOne\n", []string{"One"}},
		{"template tags", "{% if x %}\nOne {{ name }}\n{% endif %}\n", []string{"One <1/>"}},
		{"no letters", "One\n\n***\n\n42 %\n\n- 1\n- `a`\n\n![](a.png)\n", []string{"One"}},

		// Inline markup.
		{"emphasis", "a *b* __c__ ~~d~~ ***e***", []string{"a <1>b</1> <2>c</2> <3>d</3> <4><5>e</5></4>"}},
		{"all of it emphasised", "**One *two***", []string{"One <1>two</1>"}},
		{"code span", "a ``b ` c`` d", []string{"a <1/> d"}},
		{"emphasised code", "a **`b`** d", []string{"a <1/> d"}},
		{"link", "a [b *c*](d \"e\") f", []string{"a <1>b <2>c</2></1> f"}},
		{"nothing but a link", "- [One](#one)\n- [Two][x]\n\n[x]: y", []string{"One", "Two"}},
		{"link that shows its address", "see [https://x.org/a](https://x.org/a)", []string{"see <1/>"}},
		{"picture in a text", "press ![the key](a.png) now", []string{"press <1>the key</1> now"}},
		{"pictures alone", "[![One](a)](b) ![Two](c \"t\")\n![3](d)", []string{"One", "Two"}},
		{"picture named by its text", "![One]\n\n[one]: a", []string{"<1>One</1>"}},
		{"role", "a :ref:`b c` {doc}`d` e", []string{"a <1/> <2/><3/> e"}},
		{"formula over two lines", "a $b\n c$ d $5 and\n$6", []string{"a <1/> d $5 and $6"}},
		{"addresses", "a <http://x.org> https://y.org/a_b_c, www.z.org (me@x.org).", []string{"a <1/> <2/>, <3/> (<4/>)."}},
		{"HTML", "a <b>b</b> <br> c<kbd>Ctrl</kbd> <i>d", []string{"a <1>b</1> <2/> c<3/> <4/>d"}},
		{"comment", "a <!-- b --> c", []string{"a <1/> c"}},
		{"hard breaks", "a  \nb\\\nc", []string{"a<1/>b<2/>c"}},
		{"formulas", "a $x_1$ and $5 or $10, ${v} $$y$$", []string{"a <1/> and $5 or $10, <2/> <3/>"}},
		{"shortcode", "a {{< b \"c\" >}} d{:.x} e", []string{"a <1/> d<2/> e"}},
		{"emoji names", ":tada: a 10:30:45 :b", []string{"<1/> a 10:30:45 :b"}},
		{"wiki link and contents", "a [[B c]] [TOC] [[1]](d)", []string{"a <1/> <2/> <3/>"}},
		{"escapes", `\*a\* \# b`, []string{"*a* # b"}},
		{"character references", "a &copy; &lt;T&gt; &amp;amp; &#45716; &unknown;", []string{"a © <T> &amp; 는 &unknown;"}},
		{"what looks like a tag", "a <1> b &lt;/2> c", []string{"a <1/> b <2/> c"}},
		{"less than and ampersand", "a < b & c > d", []string{"a < b & c > d"}},
		{"code over two lines", "> a `b\n> c` d", []string{"a <1/> d"}},
		{"undefined reference", "a [b] [c][d]", []string{"a [b] [c][d]"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := mustParse(t, test.file)
			if got := texts(t, doc); !same(got, test.want) {
				t.Errorf("blocks of %q\n got %q\nwant %q", test.file, got, test.want)
			}
			if got := mustBuild(t, doc, itself); got != test.file {
				t.Errorf("by itself\n got %q\nwant %q", got, test.file)
			}
		})
	}
}
