package notices_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/notices"
	"verso/hooks/records"
)

// TestEvents holds the trigger and the rule in Go together, for every state that a
// job can come to.
func TestEvents(t *testing.T) {
	t.Parallel()
	s := start(t, newApp(t, migratedDir))
	owner := s.addUser(t, "ada000000000000", "ada@example.com")
	reasons := []records.PauseReason{
		"", records.PausedByUser, records.PausedByQuota, records.PausedByKey, records.PausedByModel, records.PausedByBudget, records.PausedByReview,
	}
	found := map[string]bool{}
	for _, status := range records.Statuses() {
		for _, reason := range reasons {
			for _, resumesAt := range []string{"", "2030-01-01 00:00:00.000Z"} {
				job := s.addJob(t, owner, "moby.txt")
				s.move(t, job, fmt.Sprintf("status = '%s', pause_reason = '%s', resumes_at = '%s'", status, reason, resumesAt))
				got := s.text(t, "SELECT event FROM job_notices WHERE job = '"+job+"'")
				if want := notices.EventOf(status, reason, resumesAt); got != want {
					t.Errorf("%s %q %q: noted %q, want %q", status, reason, resumesAt, got, want)
				}
				found[got] = true
			}
		}
	}
	for _, event := range []string{"", "completed", "failed", "paused:key", "paused:model", "paused:budget", "paused:review"} {
		if !found[event] {
			t.Errorf("%q never came", event)
		}
		delete(found, event)
	}
	if len(found) > 0 {
		t.Errorf("unforeseen events: %v", found)
	}
}

// TestNotedOnce holds that an event is noted once a job, whatever happens to it, and
// in the form of PocketBase's own records.
func TestNotedOnce(t *testing.T) {
	t.Parallel()
	s := start(t, newApp(t, migratedDir))
	job := s.addJob(t, s.addUser(t, "ada000000000000", "ada@example.com"), "moby.txt")
	orphan := s.addJob(t, "", "orphan.txt")
	s.move(t, orphan, "status = 'COMPLETED'")
	for _, set := range []string{
		"status = 'PAUSED', pause_reason = 'key'", "status = 'PENDING', pause_reason = ''", "status = 'PROCESSING'",
		"status = 'PAUSED', pause_reason = 'key'", "status = 'PROCESSING', pause_reason = ''",
		"status = 'PAUSED', pause_reason = 'budget'", "status = 'PROCESSING', pause_reason = ''",
		"status = 'COMPLETED'", "status = 'COMPLETED', progress = 100", "status = 'PENDING'", "status = 'PROCESSING'", "status = 'COMPLETED'",
	} {
		s.move(t, job, set)
	}
	record, err := s.app.FindRecordById(records.CollectionJobs, job)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.app.Save(record); err != nil { // which writes every column
		t.Fatal(err)
	}
	if got, want := s.text(t, "SELECT event FROM job_notices ORDER BY rowid"), "paused:key, paused:budget, completed"; got != want {
		t.Errorf("noted %s, want %s", got, want)
	}
	noted, err := s.app.FindAllRecords(records.CollectionNotices)
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range noted {
		if len(record.Id) != 15 || record.GetDateTime("created_at").IsZero() || record.GetString("state") != "pending" {
			t.Errorf("no record of PocketBase's: %v", record.PublicExport())
		}
		if err := s.app.Save(record); err != nil {
			t.Errorf("an admin cannot save it: %v", err)
		}
	}
	// What was so before anybody noted it is no news.
	if _, err := s.app.DB().NewQuery("DELETE FROM job_notices WHERE event = 'completed'").Execute(); err != nil {
		t.Fatal(err)
	}
	if err := s.app.Save(record); err != nil {
		t.Fatal(err)
	}
	if got := s.text(t, "SELECT event FROM job_notices ORDER BY rowid"); got != "paused:key, paused:budget" {
		t.Errorf("a save notes %s", got)
	}
	if err := s.app.Delete(record); err != nil {
		t.Fatal(err)
	}
	if got := s.states(t); got != "" {
		t.Errorf("of a deleted job is left: %s", got)
	}
}

// TestTriggerStays holds that the trigger is there whatever is done to the schema.
func TestTriggerStays(t *testing.T) {
	t.Parallel()
	s := start(t, newApp(t, migratedDir))
	owner := s.addUser(t, "ada000000000000", "ada@example.com")
	works := func(after string) {
		t.Helper()
		job := s.addJob(t, owner, "moby.txt")
		s.move(t, job, "status = 'COMPLETED'")
		if got := s.text(t, "SELECT event FROM job_notices WHERE job = '"+job+"'"); got != "completed" {
			t.Errorf("after %s: noted %q", after, got)
		}
	}
	change := func(name string, edit func(*core.Collection)) {
		t.Helper()
		collection, err := s.app.FindCollectionByNameOrId(name)
		if err != nil {
			t.Fatal(err)
		}
		edit(collection)
		if err := s.app.Save(collection); err != nil {
			t.Fatal(err)
		}
	}
	drop := func() {
		if _, err := s.app.DB().NewQuery("DROP TRIGGER " + notices.TriggerName).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	works("the start")
	for _, name := range []string{records.CollectionJobs, records.CollectionNotices} {
		change(name, func(c *core.Collection) { c.Fields.Add(&core.TextField{Name: "more"}) })
		works("a new field in " + name)
		change(name, func(c *core.Collection) { c.Fields.GetByName("more").SetName("most") })
		works("another name of it")
		change(name, func(c *core.Collection) { c.Fields.RemoveByName("most") })
		works("its end")
		drop()
		change(name, func(c *core.Collection) { c.Fields.Add(&core.TextField{Name: "more"}) })
		works("its loss, and a change of " + name)
	}
	collection, err := s.app.FindCollectionByNameOrId(records.CollectionNotices)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.app.Delete(collection); err != nil {
		t.Fatal(err)
	}
	s.move(t, s.addJob(t, owner, "moby.txt"), "status = 'COMPLETED'") // still can be
}
