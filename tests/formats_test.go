package tests

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"verso/tests/process"
)

// TestFormats takes a small document of each format through the service and
// holds that all but its text comes back as it was, with the right type.
func TestFormats(t *testing.T) {
	tests := []struct {
		file, mediaType string
		want            map[string]string // what must stand in the output: by what it shows
		gone            []string
	}{
		{"sample.md", "text/markdown; charset=utf-8", map[string]string{
			"front matter":      "---\ntitle: Notes on whales\ndraft: false\n---\n",
			"a heading":         "# [Ŵĥàĺéš àñđ šĥîþš]",
			"a link's target":   "](https://example.org/whales?sort=size#big)",
			"a code block":      "```go\nfmt.Println(\"the whale stays\")\n```",
			"inline code":       "`whale.Size()`",
			"a table's rule":    "| --- | ---: |",
			"an HTML comment":   "<!-- the whale stays -->",
			"emphasis":          "*ŵĥîťé*",
			"a picture's place": "](pictures/whale.png)",
		}, []string{"white", "Whales and ships"}},
		{"sample.srt", "application/x-subrip; charset=utf-8", map[string]string{
			"a counter and times":        "1\n00:00:01,000 --> 00:00:03,500\n",
			"times as they were written": "3\n00:00:08,25 --> 00:00:10,000 X1:100 X2:200 Y1:10 Y2:20\n",
			"a position":                 "{\\an8}",
			"markup":                     "<i>[",
		}, []string{"There she blows"}},
		{"sample.html", "text/html", map[string]string{
			"the language":        "<html lang=\"fr\">",
			"a script":            "var whale = \"stays\";",
			"a comment":           "<!-- the whale stays -->",
			"emphasis":            "<em>ŵĥîťé</em>",
			"a link's target":     "<a href=\"https://example.org/whales?a=1&amp;b=2\" title=\"[À ƀîĝ öñé]\">",
			"an alternative text": "alt=\"[À ŵĥîťé ŵĥàĺé]\"",
			"elements left open":  "<ul><li>[Ɓöñé]<li>[Öîĺ]</ul>",
			"preformatted text":   "<pre>whale.Size()</pre>",
		}, []string{"Notes on whales", "Whales and ships"}},
		{"sample.vtt", "text/vtt; charset=utf-8", map[string]string{
			"the header":       "WEBVTT - Whales\n",
			"a style":          "::cue(v) { color: white }",
			"a note":           "NOTE The whale stays.",
			"a name and times": "first\n00:01.000 --> 00:03.500 line:0 position:20%\n",
			"a voice":          "<v Ishmael>[",
			"a reference":      " &amp; ",
		}, []string{"There she", "White water"}},
	}
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "0s")})
	client := server.SignIn(t, ada)
	stream := client.Subscribe(t, "translation_jobs/*")
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			source, err := os.ReadFile("testdata/" + test.file)
			if err != nil {
				t.Fatal(err)
			}
			job := client.MustUpload(t, process.Upload{Filename: test.file, Content: strings.NewReader(string(source)), Fields: env("target_language", "fr")})
			stream.UntilFinished(t, job.ID, waitShort)
			answer := client.Get(t, "/download/"+job.ID).MustBe(t, http.StatusOK)
			if got := answer.Header.Get("Content-Type"); got != test.mediaType {
				t.Errorf("its type is %q, want %q", got, test.mediaType)
			}
			for what, part := range test.want {
				if !strings.Contains(string(answer.Body), part) {
					t.Errorf("%s is not there: %q in\n%s", what, part, answer.Body)
				}
			}
			for _, part := range test.gone {
				if strings.Contains(string(answer.Body), part) {
					t.Errorf("%q is not translated in\n%s", part, answer.Body)
				}
			}
		})
	}
}
