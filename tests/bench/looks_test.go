package bench

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/epub"
	"verso/hooks/translation/document/txt"
	"verso/tests/process"
)

const looks = 9

// BenchmarkQuote has books quoted and analysed by an engine that takes no time, beside
// the parsing of them, in this process.
func BenchmarkQuote(b *testing.B) {
	server, _ := startUnlimited(b, map[string]string{"VERSO_PSEUDO_DELAY": "0s"})
	ada := server.SignIn(b, "user_demoada")
	for _, c := range []struct {
		name   string
		data   []byte
		format document.Format
	}{
		{"novel.txt", book(b), txt.Format{}},
		{"literature.epub", []byte(mustReadFile(b, formatsDir+"epub/testdata/childrens-literature.epub")), epub.Format{}},
	} {
		ask := func(path string) func() {
			return func() {
				ada.Upload(b, process.Upload{Path: path, Filename: c.name, Content: bytes.NewReader(c.data), Fields: map[string]string{"target_language": "fr"}}).MustBe(b, http.StatusOK)
			}
		}
		quote := &contender{name: "its quote", do: ask("/api/v1/quote")}
		parse := &contender{name: "parsing it", do: func() {
			if _, err := c.format.Parse(b.Context(), string(c.data), document.Options{}); err != nil {
				b.Fatal(err)
			}
		}}
		glossary := &contender{name: "its names", do: ask("/api/v1/analyze-glossary")}
		inTurns(b, looks, quote, parse, glossary)
		size := fmt.Sprintf(" of %.2f MB", megabytes(int64(len(c.data))))
		table.add(requests, "the quote of "+c.name+size, short(quote.median()), parse.times(quote.median()))
		table.add(requests, "looking it through for names, the engine taking no time", short(glossary.median()),
			quote.times(glossary.median())+"; "+parse.times(glossary.median()))
	}
}

// BenchmarkMetrics scrapes the metrics of a service that has done something of
// everything, beside a request that does nothing.
func BenchmarkMetrics(b *testing.B) {
	server, superuser := startUnlimited(b, map[string]string{"VERSO_PSEUDO_DELAY": "0s"})
	ada := server.SignIn(b, "user_demoada")
	stream := ada.Subscribe(b, "translation_jobs/*")
	job := ada.MustUpload(b, process.Upload{Content: bytes.NewReader(book(b)), Fields: map[string]string{"target_language": "fr"}})
	stream.UntilFinished(b, job.ID, benchWait)
	shelve(b, server, ada, "old", longList)
	ada.Download(b, job.ID)
	var size int
	scrape := &contender{name: "a scrape", do: func() { size = len(superuser.Get(b, "/metrics").MustBe(b, http.StatusOK).Body) }}
	health := &contender{name: "/healthz", do: func() { superuser.Get(b, "/healthz").MustBe(b, http.StatusOK) }}
	ready := &contender{name: "/readyz", do: func() { superuser.Get(b, "/readyz").MustBe(b, http.StatusOK) }}
	inTurns(b, listTurns, scrape, health, ready)
	table.add(requests, fmt.Sprintf("a scrape of /metrics, %d KB, 10,000 jobs", size>>10), short(scrape.median()),
		health.times(scrape.median())+"; "+ready.times(scrape.median()))
}
