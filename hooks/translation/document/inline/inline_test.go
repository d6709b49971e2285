package inline_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"verso/hooks/translation/document/inline"
)

// TestCut holds that cutting loses nothing, whatever stands in a text.
func TestCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([a-z <>/]|<[0-9]{1,3}>|</[0-9]{1,2}>|<[0-9]/>|<[0-9]{12}>)*`).Draw(t, "text")
		var whole strings.Builder
		for token := range inline.Cut(text) {
			whole.WriteString(token.Text)
			if token.Kind != inline.Text && !strings.HasPrefix(token.Text, "</") && token.Text != inline.Tag(token.Kind, token.Number) &&
				!strings.HasPrefix(token.Text, "<0") {
				t.Fatalf("%q is read as %v", token.Text, token)
			}
		}
		if whole.String() != text {
			t.Fatalf("got %q, want %q", whole.String(), text)
		}
	})
}

func TestFits(t *testing.T) {
	pairs := []bool{true, false, true}
	tests := []struct {
		translation string
		want        bool
	}{
		{"<1>a</1><2/><3>b</3>", true},
		{"<3><1>a</1></3> <2/>", true},
		{"a", false},
		{"<1>a</1><2/>", false},
		{"<1>a<3></1>b</3><2/>", false},
		{"<1>a</1><2/><2/><3>b</3>", false},
		{"<1/><2/><3>b</3>", false},
		{"<1>a</1><2>b</2><3>b</3>", false},
		{"<1>a</1><2/><3>b</3><4/>", false},
		{"<1>a</1><2/><3>b", false},
		{"</1><1><2/><3>b</3>", false},
		{"<0/><1>a</1><2/><3>b</3>", false},
	}
	for _, test := range tests {
		if got := inline.Fits(test.translation, pairs); got != test.want {
			t.Errorf("%s: %v", test.translation, got)
		}
	}
	if !inline.Fits("a", nil) || inline.Fits("a<1/>", nil) {
		t.Error("a block without tags takes text without tags")
	}
}
