package pgmirror_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// TestMissingField takes a field away that the mirror reads: it stops and says which
// one, and goes on when it is there again.
func TestMissingField(t *testing.T) {
	h := newHouse(t)
	ada := h.user("ada", "ada@example.org")
	defer h.run()()
	h.equal()

	users, err := h.app.FindCollectionByNameOrId("users")
	if err != nil {
		t.Fatal(err)
	}
	users.Fields.RemoveByName("name")
	if err := h.app.Save(users); err != nil {
		t.Fatal(err)
	}
	h.exec(`UPDATE users SET email = 'other@example.org' WHERE id = {:id}`, dbx.Params{"id": ada})
	deadline := time.Now().Add(time.Minute)
	why, state := "", ""
	for state != "stopped" && time.Now().Before(deadline) {
		report, err := h.mirror.Report(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		why, state = report.Why, string(report.State)
		<-time.After(20 * time.Millisecond)
	}
	if state != "stopped" || !strings.Contains(why, "users.name") || strings.Contains(why, "PostgreSQL") {
		t.Errorf("%s: %s", state, why)
	}
	if status, err := h.mirror.Status(t.Context()); err != nil || status.State != "stopped" || !strings.Contains(status.Why, "users.name") {
		t.Errorf("the command says %s: %s (%v)", status.State, status.Why, err)
	}

	users.Fields.Add(&core.TextField{Name: "name"})
	if err := h.app.Save(users); err != nil {
		t.Fatal(err)
	}
	h.equal()
}

// TestQuotedSchema mirrors into tables whose schema has a name that has to be quoted
// in every way.
func TestQuotedSchema(t *testing.T) {
	h := newHouse(t)
	const schema = `o'brien "x" %s`
	quoted := `"` + strings.ReplaceAll(schema, `"`, `""`) + `"`
	h.server.MustExec(t, database, `CREATE SCHEMA `+quoted)
	address, err := url.Parse(h.server.URL(database))
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	query.Set("search_path", quoted)
	address.RawQuery = query.Encode()
	h.mirror = h.open(address.String())
	h.job(h.user("ada", "ada@example.org"), "book.epub")
	defer h.run()()
	h.equal()
	if got := h.rows(`SELECT count(*) FROM ` + quoted + `.translation_jobs`); got != "1" {
		t.Errorf("%s jobs are in the schema", got)
	}
}
