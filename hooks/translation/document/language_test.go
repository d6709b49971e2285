package document_test

import (
	"strings"
	"testing"

	"verso/hooks/translation/document"
)

func TestDirectionOf(t *testing.T) {
	for tag, want := range map[string]document.Direction{
		"ar": "rtl", "he": "rtl", "iw": "rtl", "fa-IR": "rtl", "ur": "rtl", "yi": "rtl", "dv": "rtl", "ps": "rtl", "ckb": "rtl", "pa-Arab": "rtl", "az-Arab": "rtl",
		"en": "ltr", "ja": "ltr", "pa": "ltr", "az": "ltr", "ar-Latn": "ltr", "ku": "ltr", "": "ltr", "not a tag": "ltr",
	} {
		if got := document.DirectionOf(tag); got != want {
			t.Errorf("%q is written %s, want %s", tag, got, want)
		}
	}
}

func TestSameLanguage(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"en", "en-GB"}: true, {"EN_us", "en"}: true, {" en ", "en"}: true, {"zh-Hant", "zh-CN"}: true, {"en", "enm"}: false, {"en", ""}: false,
	} {
		if got := document.SameLanguage(pair[0], pair[1]); got != want {
			t.Errorf("%q: %v", pair, got)
		}
	}
}

func TestQuote(t *testing.T) {
	if got := document.Quote("a\x00b\nc\u202ed" + strings.Repeat("é", 100)); got != `"a?b?c?d`+strings.Repeat("é", 73)+`…"` {
		t.Errorf("got %s", got)
	}
}
