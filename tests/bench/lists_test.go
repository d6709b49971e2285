package bench

import (
	"net/http"
	"net/url"
	"testing"

	"verso/tests/process"
)

const (
	longList, shortList = 10_000, 30
	listTurns           = 100
)

// BenchmarkLists asks for a page of the jobs of somebody who has ten thousand, beside
// somebody who has thirty, and beside PocketBase's records API in the same process.
func BenchmarkLists(b *testing.B) {
	server, _ := startUnlimited(b, nil)
	many, few := server.SignIn(b, "user_demoada"), server.SignIn(b, "user_demobo")
	shelve(b, server, many, "many", longList)
	shelve(b, server, few, "few", shortList)
	get := func(client *process.Client, path string) func() {
		return func() { client.Get(b, path).MustBe(b, http.StatusOK) }
	}
	cursor := ""
	for range 20 {
		var page struct{ Cursor string }
		many.Get(b, "/api/v1/jobs?limit=200&cursor="+url.QueryEscape(cursor)).MustBe(b, http.StatusOK).Decode(b, &page)
		if cursor = page.Cursor; cursor == "" {
			b.Fatal("the list ends before it has ended")
		}
	}
	own := "/api/collections/translation_jobs/records?perPage=30&sort=-created_at"
	first := &contender{name: "of 10,000 jobs", do: get(many, "/api/v1/jobs?limit=30")}
	of30 := &contender{name: "of 30 jobs", do: get(few, "/api/v1/jobs?limit=30")}
	late := &contender{name: "after 4,000", do: get(many, "/api/v1/jobs?limit=30&cursor="+url.QueryEscape(cursor))}
	searched := &contender{name: "search", do: get(many, "/api/v1/jobs?limit=30&search=9999")}
	counted := &contender{name: "PocketBase's records API", do: get(many, own)}
	uncounted := &contender{name: "the same without its count", do: get(many, own+"&skipTotal=1")}
	inTurns(b, listTurns, first, of30, late, searched, counted, uncounted)
	table.add(requests, "the first page of 10,000 jobs of one person", short(first.median()),
		of30.times(first.median())+"; "+counted.times(first.median())+"; "+uncounted.times(first.median()))
	table.add(requests, "the page after 4,000 of them", short(late.median()), "the first page "+short(first.median()))
	table.add(requests, "a search for one of them by a part of its name", short(searched.median()), "the first page "+short(first.median()))
}
