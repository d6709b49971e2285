package tongue_test

import (
	"testing"

	"verso/hooks/translation/pipeline/tongue"
)

func TestSame(t *testing.T) {
	t.Parallel()
	tests := []struct {
		source, target string
		same           bool
	}{
		{"en", "en", true},
		{"de", "de-DE", true},
		{"EN_us", "en", true},
		{"zh", "zh-Hans", true},
		{"zh-CN", "zh-Hans", true},
		{"zh-TW", "zh-Hant", true},
		{"sr", "sr-Cyrl", true},
		{"sh", "sr-Latn", true},
		{"no", "nb", true},
		{"iw", "he", true},
		{"tl", "fil", true},
		{"pt", "pt-BR", true},
		{"en", "en-GB", false},
		{"pt", "pt-PT", false},
		{"zh-Hans", "zh-Hant", false},
		{"zh-Hant", "zh-HK", false},
		{"sr-Latn", "sr", false},
		{"de", "de-1901", false},
		{"hr", "bs", false},
		{"nb", "nn", false},
		{"en", "fr", false},
		{"", "en", false},
		{"en", "", false},
		{"", "", false},
		{"xx", "xx", false},
		{"no language", "no language", false},
	}
	for _, test := range tests {
		if got := tongue.Same(test.source, test.target); got != test.same {
			t.Errorf("Same(%q, %q) is %v", test.source, test.target, got)
		}
		if got := tongue.Same(test.target, test.source); got != test.same {
			t.Errorf("Same(%q, %q) is %v", test.target, test.source, got)
		}
	}
}
