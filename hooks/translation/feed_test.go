package translation

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"verso/hooks/records"
)

// listen attaches a client with subscriptions as the realtime route would.
func listen(t testing.TB, f *feed, auth *core.Record, topics ...string) *client {
	t.Helper()
	client := newClient(subscriptions.NewDefaultClient(), &f.workers)
	f.app.SubscriptionsBroker().Register(client)
	jobs, err := f.app.FindCachedCollectionByNameOrId(records.CollectionJobs)
	if err != nil {
		t.Fatal(err)
	}
	own, _ := jobTopics(jobs, topics)
	f.attach(client, auth, own)
	return client
}

// hear takes the next message, or reports that none came within a second.
func hear(client *client) (topic string, content map[string]any, ok bool) {
	select {
	case m := <-client.Channel():
		_ = json.Unmarshal(m.Data, &content)
		return m.Name, content, true
	case <-time.After(time.Second):
		return "", nil, false
	}
}

// silent reports whether nothing is on its way to a client. Messages are put
// into the mailbox before deliver returns.
func silent(c *client) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.mailbox) == 0 && !c.emptying
}

func TestFeedReachesTheOwnerAlone(t *testing.T) {
	s := newSetup(t)
	f := newFeed(s.app)
	id := s.mustJob(t, 2)
	job := s.mustRead(t, id)

	stranger := mustUser(t, s.app, "user_bo")
	superuser := mustSuperuser(t, s.app)
	topics := map[string]*client{
		"translation_jobs/*":       listen(t, f, s.owner, "translation_jobs/*"),
		"translation_jobs":         listen(t, f, s.owner, "translation_jobs"),
		"translation_jobs/" + id:   listen(t, f, s.owner, "translation_jobs/"+id),
		job.Collection().Id + "/*": listen(t, f, s.owner, job.Collection().Id+"/*"),
	}
	admin := listen(t, f, superuser, "translation_jobs/*")
	others := []*client{
		listen(t, f, stranger, "translation_jobs/*"),
		listen(t, f, stranger, "translation_jobs/"+id),
		listen(t, f, s.owner, "translation_jobs/another"),
	}

	f.deliver("update", job.Record)
	for want, client := range topics {
		topic, content, ok := hear(client)
		if !ok || topic != want || content["action"] != "update" || content["record"].(map[string]any)["id"] != id {
			t.Errorf("%s: got %q %v", want, topic, content)
		}
	}
	if _, _, ok := hear(admin); !ok {
		t.Error("the superuser heard nothing")
	}
	for i, client := range others {
		if !silent(client) {
			t.Errorf("stranger %d heard of the job", i)
		}
	}
	f.close(context.Background())
}

func mustSuperuser(t testing.TB, app core.App) *core.Record {
	t.Helper()
	superusers, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		t.Fatal(err)
	}
	record := core.NewRecord(superusers)
	record.SetEmail("admin@example.org")
	record.SetPassword("a-long-password")
	if err := app.Save(record); err != nil {
		t.Fatal(err)
	}
	return record
}

func TestFeedOptions(t *testing.T) {
	s := newSetup(t)
	f := newFeed(s.app)
	job := s.mustRead(t, s.mustJob(t, 2))
	option := func(name, value string) string {
		raw, _ := json.Marshal(map[string]any{"query": map[string]string{name: value}})
		return "translation_jobs/*?options=" + escapeParameter(string(raw))
	}
	few := listen(t, f, s.owner, option("fields", "id,progress"))
	passing := listen(t, f, s.owner, option("filter", "status='PROCESSING'"))
	failing := listen(t, f, s.owner, option("filter", "status='COMPLETED'"))
	refused := map[string]*client{}
	for _, filter := range []string{
		"status=(",
		"revision>=0", // hidden
		`@collection._superusers.email != ""`,
		`@collection.users.clerk_email ?~ "%"`,
		`@collection.sealed_keys.sealed != ""`,
		`@request.auth.id != ""`,
		`owner_id.clerk_email = ""`,
		`translation_segments_via_job.source ?~ "%"`,
	} {
		refused[filter] = listen(t, f, s.owner, option("filter", filter))
	}

	f.deliver("update", job.Record)
	_, content, _ := hear(few)
	if record, _ := content["record"].(map[string]any); len(record) != 2 || record["id"] != job.Id {
		t.Errorf("asked for two fields, got %v", content)
	}
	if _, _, ok := hear(passing); !ok {
		t.Error("a filter that fits let nothing through")
	}
	if !silent(failing) {
		t.Error("a filter that does not fit let the job through")
	}
	for filter, client := range refused {
		if !silent(client) {
			t.Errorf("the filter %s was answered", filter)
		}
	}
	f.close(context.Background())
}

// TestFeedHiddenFields holds that a message shows what the records API shows.
func TestFeedHiddenFields(t *testing.T) {
	s := newSetup(t)
	f := newFeed(s.app)
	client := listen(t, f, s.owner, "translation_jobs/*")
	f.deliver("update", s.mustRead(t, s.mustJob(t, 1)).Record)
	_, content, _ := hear(client)
	record, _ := content["record"].(map[string]any)
	if _, ok := record["revision"]; ok || record["collectionName"] != "translation_jobs" || record["segments_total"] != 1.0 {
		t.Errorf("got %v", record)
	}
	f.close(context.Background())
}

// TestFeedPace holds that a job that moves a thousand times a second says so
// four times, and its end at once.
func TestFeedPace(t *testing.T) {
	s := newSetup(t)
	f := newFeed(s.app)
	id := s.mustJob(t, 1)
	client := listen(t, f, s.owner, "translation_jobs/*")

	const during = 1100 * time.Millisecond
	begun := time.Now()
	messages := 0
	for deadline := time.After(during); ; {
		f.changed(id, s.owner.Id)
		select {
		case <-client.Channel():
			messages++
			continue
		case <-deadline:
		case <-time.After(time.Millisecond):
			continue
		}
		break
	}
	if most := int(time.Since(begun)/progressInterval) + 2; messages < 2 || messages > most {
		t.Errorf("%d messages in %s, want 2 to %d", messages, time.Since(begun), most)
	}

	if err := s.ledger.fail(context.Background(), id, "no"); err != nil {
		t.Fatal(err)
	}
	f.now(id, s.owner.Id)
	for {
		_, content, ok := hear(client)
		if !ok {
			t.Fatal("the end was not told")
		}
		if content["record"].(map[string]any)["status"] == "FAILED" {
			break
		}
	}
	f.close(context.Background())
}

// TestFeedForgets holds that a job about which there is nothing to say is not
// remembered.
func TestFeedForgets(t *testing.T) {
	s := newSetup(t)
	f := newFeed(s.app)
	drain(listen(t, f, s.owner, "translation_jobs/*"))
	f.changed(s.mustJob(t, 1), s.owner.Id)
	f.workers.Wait() // for the message and the rest after it
	if len(f.paces) != 0 {
		t.Errorf("%d jobs are remembered", len(f.paces))
	}
	f.close(context.Background())
}

// TestFeedSlowReader holds that a client that does not read holds one message
// a job, and nothing once it is gone.
func TestFeedSlowReader(t *testing.T) {
	s := newSetup(t)
	f := newFeed(s.app)
	job := s.mustRead(t, s.mustJob(t, 1))
	client := listen(t, f, s.owner, "translation_jobs/*")
	for range 1000 {
		f.deliver("update", job.Record)
	}
	client.mu.Lock()
	waiting := len(client.mailbox)
	client.mu.Unlock()
	if waiting > 1 {
		t.Errorf("%d messages wait for a client that does not read", waiting)
	}
	s.app.SubscriptionsBroker().Unregister(client.Id())
	f.detach(client)
	f.workers.Wait() // hangs here if the blocked sender were not let go
	if len(f.streams) != 0 {
		t.Errorf("streams of %d users are remembered", len(f.streams))
	}
}

// TestClientDropped holds that a mailbox is bounded whatever is sent.
func TestClientDropped(t *testing.T) {
	s := newSetup(t)
	f := newFeed(s.app)
	client := listen(t, f, s.owner, "translation_jobs/*")
	for range maxMailbox + 2 {
		client.Send(subscriptions.Message{Name: "news"})
	}
	f.workers.Wait()
	if _, open := <-client.Channel(); open || !client.IsDiscarded() {
		t.Error("the client was not dropped")
	}
	client.Send(subscriptions.Message{Name: "more"}) // must not panic
	client.Discard()
}

// TestFeedAuthLost holds that a stream whose auth PocketBase took away hears no
// more, a superuser's included.
func TestFeedAuthLost(t *testing.T) {
	s := newSetup(t)
	f := newFeed(s.app)
	job := s.mustRead(t, s.mustJob(t, 1))
	for name, auth := range map[string]*core.Record{"user": s.owner, "superuser": mustSuperuser(t, s.app)} {
		client := listen(t, f, auth, "translation_jobs/*")
		client.Unset(apis.RealtimeClientAuthKey)
		f.deliver("update", job.Record)
		if !silent(client) {
			t.Errorf("%s: a stream without auth heard of the job", name)
		}
	}
	f.close(context.Background())
}

// TestFeedLateSubscription holds that a subscription that comes after the end
// of its connection is not kept.
func TestFeedLateSubscription(t *testing.T) {
	s := newSetup(t)
	f := newFeed(s.app)
	client := newClient(subscriptions.NewDefaultClient(), &f.workers)
	client.Discard()
	f.attach(client, s.owner, map[string]subscriptions.SubscriptionOptions{"translation_jobs/*": {}})
	if len(f.streams) != 0 {
		t.Error("a stream without a connection is kept")
	}
}

// TestRefusedStreamEnds refuses a stream after its client was replaced: nobody else ends
// the new one, and its timer would go on for hours.
func TestRefusedStreamEnds(t *testing.T) {
	s := mustServe(t, nil)
	var refused subscriptions.Client
	s.app.OnRealtimeConnectRequest().BindFunc(func(e *core.RealtimeConnectRequestEvent) error {
		refused = e.Client
		return e.ForbiddenError("", nil)
	})
	if answer := s.do(http.MethodGet, "/api/realtime", nil); answer.Code != http.StatusForbidden {
		t.Fatalf("it was answered with %d", answer.Code)
	}
	if _, ours := refused.(*client); !ours || !refused.IsDiscarded() {
		t.Errorf("the refused client is a %T, discarded: %t", refused, refused.IsDiscarded())
	}
}

// TestClientKeepsAlive holds that a silent stream gets a message every 25 s, and
// one that is not silent gets none.
func TestClientKeepsAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var workers sync.WaitGroup
		c := newClient(subscriptions.NewDefaultClient(), &workers)
		defer workers.Wait()
		defer c.Discard()
		begun := time.Now()
		expect := func(topic string, after time.Duration) {
			t.Helper()
			if message := <-c.Channel(); message.Name != topic || time.Since(begun) != after {
				t.Fatalf("%s after %s, want %s after %s", message.Name, time.Since(begun), topic, after)
			}
		}
		expect(keepAliveTopic, 25*time.Second)
		expect(keepAliveTopic, 50*time.Second)
		time.Sleep(20 * time.Second)
		c.Send(subscriptions.Message{Name: "news"})
		expect("news", 70*time.Second)
		expect(keepAliveTopic, 95*time.Second)
	})
}

func TestJobTopics(t *testing.T) {
	jobs := core.NewBaseCollection("translation_jobs", "pbc_jobs")
	own, others := jobTopics(jobs, []string{
		"translation_jobs/*", "translation_jobs/x?options=%7B%7D", "pbc_jobs", "translation_jobs_archive/*", "users/me", "translation_segments/*",
	})
	if len(own) != 3 || strings.Join(others, " ") != "translation_jobs_archive/* users/me translation_segments/*" {
		t.Errorf("own %v, others %v", own, others)
	}
}

// BenchmarkSettle measures what one settled segment costs: the transaction and
// telling the owner, with other people's streams open and with his own.
func BenchmarkSettle(b *testing.B) {
	for _, streams := range []struct {
		name         string
		others, owns int
	}{
		{"streams=0", 0, 0},
		{"others=100", 100, 0},
		{"others=1000", 1000, 0},
		{"own=10", 0, 10},
		{"others=1000,own=10", 1000, 10},
	} {
		b.Run(streams.name, func(b *testing.B) {
			s := newSetup(b)
			f := newFeed(s.app)
			stranger := mustUser(b, s.app, "user_bo")
			for range streams.others {
				drain(listen(b, f, stranger, "translation_jobs/*"))
			}
			for range streams.owns {
				drain(listen(b, f, s.owner, "translation_jobs/*"))
			}
			id := s.mustJob(b, b.N)
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				work, outcome := settled(id, i)
				if err := s.ledger.settle(context.Background(), settlementOf(work, outcome)); err != nil {
					b.Fatal(err)
				}
				f.changed(id, s.owner.Id)
			}
			b.StopTimer()
			f.close(context.Background())
		})
	}
}

// drain reads a client's messages until it is discarded.
func drain(client *client) {
	go func() {
		for range client.Channel() {
		}
	}()
}
