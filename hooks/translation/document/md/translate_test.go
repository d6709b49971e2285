package md_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"verso/hooks/translation/document"
)

// TestTranslated says how translations are written.
func TestTranslated(t *testing.T) {
	tests := []struct {
		name, file   string
		translations []string
		want         string
	}{
		// Where the text goes.
		{"one line", "One\ntwo\n\n> a\n> b\n", []string{"Eins zwei", "x"}, "Eins zwei\n\n> x\n"},
		{"heading", "# One {#id} #\n\nTwo\n---\n", []string{"Eins", "Zwei"}, "# Eins {#id} #\n\nZwei\n---\n"},
		{"hard breaks in a quote", "> a  \n> b\\\n> c\n", []string{"x<1/>y<2/>z"}, "> x  \n> y\\\n> z\n"},
		{"hard breaks in a list", "- a  \n  b\n", []string{"x <1/> y"}, "- x  \n  y\n"},
		{"table", "|One|`x` two|\n|-|-|\n", []string{"Eins", "zwei <1/>"}, "|Eins|zwei `x`|\n|-|-|\n"},
		{"line breaks in a translation", "One.\n", []string{"Eins.\n\n# Zwei\t!"}, "Eins.  # Zwei !\n"},

		// What the tags become.
		{"delimiters", "a *b* __c__ `d` [e](f 'g')\n", []string{"<4>E</4> <3/> <2>C</2> <1>B</1>"}, "[E](f 'g') `d` __C__ *B*\n"},
		{"link named by its text", "a [One] [Two][] [*Three*][x]\n\n[one]: u\n[two]: v\n[x]: w\n", []string{"<1>Eins</1> <2>Zwei</2> <3><4>Drei</4></3>"},
			"[Eins][One] [Zwei][Two] [*Drei*][x]\n\n[one]: u\n[two]: v\n[x]: w\n"},
		{"link over two lines", "a [b\nc](d\n\"e\") f\n", []string{"<1>x</1>"}, "[x](d \"e\")\n"},
		{"code over two lines", "> a `b\n> c` d\n", []string{"x <1/>"}, "> x `b c`\n"},
		{"what looked like a tag", "a <1> b\n", []string{"<1/> x"}, "<1> x\n"},
		{"pictures", "[![One](a)](b) ![Two](c)\n", []string{"Eins", "Zwei"}, "[![Eins](a)](b) ![Zwei](c)\n"},

		{"pictures named by their text", "![One]\n\n[one]: a\n", []string{"<1>Eins</1>"}, "![Eins][One]\n\n[one]: a\n"},

		// Tags that are not as they should be.
		{"no tags", "a *b* `c`\n", []string{"x y"}, "x y\n"},
		{"unknown tags", "a *b*\n", []string{"<7>x</7> <1>y</1> <8/>"}, "x *y*\n"},
		{"unclosed", "a *b* [c](d) e\n", []string{"x <1>y <2>z"}, "x *y [z](d)*\n"},
		{"crossed", "a *b* [c](d) e\n", []string{"<1>x <2>y</1> z</2>"}, "*x [y](d)* z\n"},
		{"emphasis of nothing", "a *b* c\n", []string{"x <1> </1> y"}, "x   y\n"},
		{"empty", "a *b*\n\nc\n", []string{" ", "x"}, "a *b*\n\nx\n"},
		{"breaks at the ends", "a  \nb\n", []string{"x y<1/>"}, "x y\n"},

		// What must not become markup.
		{"heading sign", "One\n", []string{"# Eins"}, "\\# Eins\n"},
		{"list signs", "One\n\nTwo\n\nThree\n", []string{"- a", "1. b", "+ c"}, "\\- a\n\n1\\. b\n\n\\+ c\n"},
		{"quote sign", "One\n", []string{"> x"}, "\\> x\n"},
		{"rules", "One\n\nTwo\n", []string{"---", "* * *"}, "\\---\n\n\\* * *\n"},
		{"after a hard break", "a  \nb\n", []string{"x<1/>- y"}, "x  \n\\- y\n"},
		{"a task box", "- One\n", []string{"[x] Eins"}, "- \\[x] Eins\n"},
		{"an alert", "> One\n", []string{"[!NOTE] Eins"}, "> \\[!NOTE] Eins\n"},
		{"a definition", "One\n", []string{"[a]: b"}, "\\[a]: b\n"},
		{"the end of a heading", "# One\n", []string{"Eins #"}, "# Eins \\#\n"},
		{"a pipe in a table", "|a|\n|-|\n", []string{"x|y"}, "|x\\|y|\n|-|\n"},
		{"a backslash before a pipe", "|a|\n|-|\n", []string{`x\`}, "|x&#92;|\n|-|\n"},
		{"a first cell without pipe", "a|b\n-|-\n", []string{"# x", "- y"}, "\\# x|- y\n-|-\n"},
		{"emphasis", "One\n", []string{"*Eins* zwei"}, "\\*Eins\\* zwei\n"},
		{"code", "One\n", []string{"a `b` c"}, "a \\`b\\` c\n"},
		{"HTML", "One\n", []string{"a <b> c"}, "a \\<b> c\n"},
		{"link", "One\n", []string{"[a](b)"}, "\\[a\\](b)\n"},
		{"the end of a link", "a [b](c) d\n", []string{"<1>x] y</1>"}, "[x\\] y](c)\n"},
		{"an exclamation mark before a link", "a [b](c)\n", []string{"x!<1>y</1>"}, "x\\![y](c)\n"},
		{"a reference", "One\n", []string{"&amp;"}, "\\&amp;\n"},
		{"a backslash", "One\n", []string{`a\*b c\d`}, "a\\\\*b c\\d\n"},
		{"an address beside letters", "see https://x.org now\n", []string{"<1/>에서"}, "<https://x.org>에서\n"},
		{"no needless escapes", "One\n", []string{"2 * 3 - 4_5 # [x] a|b (c) 1. 5 < 6 & 7 > 8!"}, "2 * 3 - 4_5 # [x] a|b (c) 1. 5 < 6 & 7 > 8!\n"},

		// What the source writes in its own way.
		{"escapes", "a \\_b\\_ 1\\. c\n", []string{"x_y 2. z"}, "x\\_y 2\\. z\n"},
		{"few escapes", "a\\! b! c.\n", []string{"x! y! z."}, "x! y! z.\n"},
		{"references", "10&nbsp;km &lt;T&gt;\n", []string{"10\u00a0Meilen <T> & <U>"}, "10&nbsp;Meilen &lt;T&gt; & &lt;U&gt;\n"},

		// Emphasis and its neighbours.
		{"a Korean particle", "a **b** c\n", []string{"<1>단어</1>는"}, "**단어**는\n"},
		{"a particle after a bracket", "a **b** c\n", []string{"<1>단어(word)</1>는"}, "**단어(word)**&#45716;\n"},
		{"a particle after quotes", "a **b** c\n", []string{"<1>“단어”</1>는"}, "“**단어**”는\n"},
		{"a particle after code", "a **`b`** c\n", []string{"<1/>는"}, "**`b`**&#45716;\n"},
		{"a letter before quotes", "a **b** c\n", []string{"는<1>(단어) x</1> y"}, "&#45716;**(단어) x** y\n"},
		{"punctuation at the end", "a **b:** c\n", []string{"<1>注意：</1>请"}, "**注意**：请\n"},
		{"underscores within a word", "a _b_ c\n", []string{"<1>단어</1>는"}, "*단어*는\n"},
		{"underscores around asterisks", "a __*b*__ c\n", []string{"<1><2>단어</2></1>는"}, "**_단어_**&#45716;\n"},
		{"space inside", "a *b* c\n", []string{"x<1> y </1>z"}, "x *y* z\n"},
		{"emphasis side by side", "a *b* **c**\n", []string{"<1>x</1><2>y</2>"}, "*x***y**\n"},
		{"struck", "a ~~b~~ c\n", []string{"<1>(x)</1>는"}, "(~~x~~)는\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := mustParse(t, test.file)
			if got := len(doc.Blocks()); got != len(test.translations) {
				t.Fatalf("%d blocks %q, and %d translations", got, texts(t, doc), len(test.translations))
			}
			byID := map[string]string{}
			for i, block := range doc.Blocks() {
				byID[block.ID] = test.translations[i]
			}
			var out bytes.Buffer
			_, err := doc.Build(context.Background(), &out, document.Output{Translation: func(id string) (string, bool) { return byID[id], true }})
			if err != nil {
				t.Fatal(err)
			}
			if out.String() != test.want {
				t.Errorf("\n got %q\nwant %q", out.String(), test.want)
			}
		})
	}

	t.Run("a block without a translation stands as it was", func(t *testing.T) {
		doc := mustParse(t, "One\ntwo *x*\n\nThree\n")
		var out bytes.Buffer
		_, err := doc.Build(context.Background(), &out, document.Output{Translation: func(id string) (string, bool) { return "Drei", id == "b2" }})
		if err != nil || out.String() != "One\ntwo *x*\n\nDrei\n" {
			t.Errorf("got %q, %v", out.String(), err)
		}
	})
}

// TestBilingual holds that the source stands below each translation, in whatever
// holds the text, and that only the text is there twice.
func TestBilingual(t *testing.T) {
	source := "# One *two*\n\n> Three\n> four\n\n- Five\n\n|A|B|\n|-|-|\n|c|1|\n\n```\ncode\n```\n"
	span := func(text string) string {
		return `x<br class="verso-source"><span class="verso-source" lang="en" dir="ltr">` + text + "</span>"
	}
	doc := mustParse(t, source)
	var out bytes.Buffer
	output := document.Output{Bilingual: true, Source: "en", Target: "ar", Translation: func(id string) (string, bool) {
		if id == "b1" {
			return "x <1>y</1>", true
		}
		return "x", true
	}}
	if _, err := doc.Build(context.Background(), &out, output); err != nil {
		t.Fatal(err)
	}
	want := "# " + strings.Replace(span("One *two*"), "x<br", "x *y*<br", 1) + "\n\n> " + span("Three\n> four") + "\n\n- " + span("Five") +
		"\n\n|" + span("A") + "|" + span("B") + "|\n|-|-|\n|" + span("c") + "|1|\n\n```\ncode\n```\n"
	if out.String() != want {
		t.Errorf("\n got %s\nwant %s", out.String(), want)
	}
}
