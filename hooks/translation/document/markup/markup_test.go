package markup_test

import (
	"context"
	"strings"
	"testing"

	"verso/hooks/translation/document/markup"
)

// TestBlocks says what the blocks of a document are.
func TestBlocks(t *testing.T) {
	tests := []struct {
		name, source string
		want         []string
	}{
		{"elements", "<div>One<p>two</p>three</div>", []string{"One", "two", "three"}},
		{"bare text", "<body>One <em>two</em> three.<p>Four</p></body>", []string{"One <1>two</1> three.", "Four"}},
		{"whole element", "<p> <b>One</b> </p>", []string{"One"}},
		{"anchors at the ends", `<p><a id="x"/>One<br/></p>`, []string{"One"}},
		{"white space", "<p>\n  One\n  two  </p>", []string{"One two"}},
		{"tags that stand together", "<p>a <i><b>c</b></i> d<br/><img/>e</p>", []string{"a <1>c</1> d<2/>e"}},
		{"pairs alike", `<p>a <b>c</b><b>d</b><b>e</b> f</p><p>a<i id="x">b</i><i id="x">c</i> <q>d</q><q>e</q></p>`, []string{"a <1>cde</1> f", "a<1>b</1><2>c</2> <3>d</3><4>e</4>"}},
		{"pairs alike that are two things", `<p>a <button>b</button><button>c</button> <kbd>d</kbd><kbd>e</kbd> <a href="#">f</a><a href="#">g</a> <span class="l">h</span><span class="l">i</span> <b ID=x>j</b><b ID=x>k</b></p>`,
			[]string{"a <1>b</1><2>c</2> <3>d</3><4>e</4> <5>f</5><6>g</6> <7>h</7><8>i</8> <9>j</9><10>k</10>"}},
		{"empty pair", `<p>a<a id="p1"></a>b</p>`, []string{"a<1/>b"}},
		{"without its mate", "<p>a <i>b<p>c</p>d</i> e</p>", []string{"a", "b", "c", "d", "e"}},
		{"misnested", "<p>one <b>two <i>three</b> four</p><p>A <i>x<b>y</i> z</p><p><b>a</b> <u>b<b>c<i>d</b></u> <q>e</q> f</p>",
			[]string{"one", "two", "three", "four", "A", "x", "y", "z", "a", "b", "c", "d", "<1>e</1> f"}},
		{"code", "<p>Type <code>ls</code> here</p><pre>x y</pre>", []string{"Type <1/> here"}},
		{"not to be translated", `<p>Buy <span translate="no">Verso</span> now</p><p translate="no">No <b translate="yes">yes</b></p>`, []string{"Buy <1/> now", "yes"}},
		{"ruby", "<p>a<ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby>b</p>", []string{"a<1>東<2/>京<3/></1>b"}},
		{"formula", "<p>E <math><mi>E</mi><mtext>if</mtext></math> holds</p>", []string{"E <1/> holds"}},
		{"drawing", "<p>See <svg><title>T</title><text>Drawn <tspan>words</tspan></text></svg> here</p>", []string{"See <1/> here", "T", "Drawn <1>words</1>"}},
		{"attributes", `<p>a <img alt="One &amp; two" title=''/> <a title="Three">b</a></p>`, []string{"a <1/> <2>b</2>", "One & two", "Three"}},
		{"references", "<p>1 &lt; 2 &amp;&amp; x&#160;y &eacute; &nope; z</p>", []string{"1 < 2 && x\u00a0y é <1/> z"}},
		{"literal tag", "<p>a &lt;1&gt; b</p>", []string{"a <1/> b"}},
		{"declared", `<!DOCTYPE html [<!ENTITY pub "Quill &amp; Co"><!ENTITY m "<b>x</b>"><!ENTITY e "&pub;&pub;">]><p>By &pub;, &m; &e;.</p>`, []string{"By Quill & Co, <1/> <2/>."}},
		{"CDATA", "<p>a <![CDATA[b <i> & c]]> d</p><p><![CDATA[e]]></p>", []string{"a <1>b <i> & c</1> d", "e"}},
		{"comments", "<p>a<!-- x -->b<?pi?></p>", []string{"a<1/>b"}},
		{"page numbers", `<nav epub:type="page-list"><li><a>xii</a></li><li><a>Cover</a></li></nav><p>a<span epub:type="pagebreak" title="iv"/>b</p>`, []string{"Cover", "a<1/>b"}},
		{"nothing to translate", "<p>1.</p><p>* * *</p><p>&#160;</p>", nil},
		{"title and script", "<head><title>T</title><script>var a = 'x'</script><style>p{}</style></head>", []string{"T"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := mustParse(t, test.source, markup.XHTML())
			if got := blocks(text); strings.Join(got, "|") != strings.Join(test.want, "|") {
				t.Errorf("\n got %q\nwant %q", got, test.want)
			}
			if got, changed, _ := text.Write(markup.Output{Translation: func(n int) (string, bool) { return text.Block(n), true }}); changed || got != test.source {
				t.Errorf("translated to itself it is %q", got)
			}
		})
	}
}

// TestWritten says how translations are written.
func TestWritten(t *testing.T) {
	tests := []struct {
		name, source string
		translations []string
		want         string
	}{
		{"tags move", `<p>a <i class="x">b</i> c<br/>d</p>`, []string{"D<2/>C <1>B</1> & A"}, `<p>D<br/>C <i class="x">B</i> &amp; A</p>`},
		{"pairs alike", `<p>a <b class="x">c</b><b class="x">d</b> f</p>`, []string{"F <1>CD</1> A"}, `<p>F <b class="x">CD</b><b class="x"></b> A</p>`},
		{"within a tag", `<p>a <a title="T" href="#">b</a> c</p>`, []string{"C <1>B</1> A", `"U"`}, `<p>C <a title="&quot;U&quot;" href="#">B</a> A</p>`},
		{"picture in a sentence", `<p>a <img alt="T"/> c</p>`, []string{"C <1/> A", "U"}, `<p>C <img alt="U"/> A</p>`},
		{"attribute of a block that stays", `<p>a <img alt="T"/> c</p>`, []string{"a <1/> c", "U"}, `<p>a <img alt="U"/> c</p>`},
		{"lost tag", `<p>a <b>b</b></p>`, []string{"A B"}, `<p>a <b>b</b></p>`},
		{"reading that strayed", `<p>a<ruby>東<rt>とう</rt></ruby>b</p>`, []string{"A<2/> <1>East</1> B"}, `<p>A <ruby>East<rt>とう</rt></ruby> B</p>`},
		{"CDATA", "<p>a <![CDATA[b]]> d <b>e</b></p>", []string{"A <1>B <2>]]></2> & </1> D"}, "<p>A <![CDATA[B ]]><b>]]&gt;</b><![CDATA[ & ]]> D</p>"},
		{"spelling", "<p>a&nbsp;b &mdash; c — d</p>", []string{"A\u00a0B — C"}, "<p>A&nbsp;B — C</p>"},
		{"literal tag", "<p>a &lt;1&gt; b</p>", []string{"B <1/> A"}, "<p>B &lt;1> A</p>"},
		{"drawing in a sentence", "<p>See <svg><text>x</text></svg> here</p>", []string{"Da <1/> sehen", "y"}, "<p>Da <svg><text>y</text></svg> sehen</p>"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := mustParse(t, test.source, markup.XHTML())
			got, _, _ := text.Write(markup.Output{Translation: func(n int) (string, bool) { return test.translations[n], true }})
			if got != test.want {
				t.Errorf("\n got %s\nwant %s", got, test.want)
			}
		})
	}
}

func mustParse(t testing.TB, source string, vocabulary markup.Vocabulary) *markup.Text {
	t.Helper()
	text, err := markup.Parse(context.Background(), source, markup.Options{Vocabulary: vocabulary})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func blocks(text *markup.Text) []string {
	var found []string
	for n := range text.Len() {
		found = append(found, text.Block(n))
	}
	return found
}
