package clerksync_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tests"
	svix "github.com/svix/svix-webhooks/go"

	"verso/hooks/clerksync"
	"verso/hooks/records"
)

const (
	webhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	otherSecret   = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
)

// receiver is the plugin in a running app.
type receiver struct {
	app     *tests.TestApp
	handler http.Handler
	sync    *clerksync.Sync

	mu    sync.Mutex
	ended []string // sessions and users that were said to have ended
}

func newReceiver(t testing.TB, secrets ...string) *receiver {
	t.Helper()
	r := &receiver{app: newApp(t)}
	note := func(id string) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.ended = append(r.ended, id)
	}
	r.sync = clerksync.MustRegister(r.app, clerksync.Config{
		WebhookSecrets: secrets, EndSession: note,
		EndUser: func(id string, _ time.Time) { note("banned " + id) },
		CutUser: func(id string) { note("deleted " + id) },
	})
	router, err := apis.NewRouter(r.app)
	if err != nil {
		t.Fatal(err)
	}
	err = r.app.OnServe().Trigger(&core.ServeEvent{App: r.app, Router: router}, func(e *core.ServeEvent) (err error) {
		r.handler, err = e.Router.BuildMux()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.app.OnTerminate().Trigger(&core.TerminateEvent{App: r.app}); err != nil {
			t.Error(err)
		}
	})
	return r
}

// sign returns the headers of a delivery as Svix sends them.
func sign(t testing.TB, secret, id string, at time.Time, body []byte) http.Header {
	t.Helper()
	webhook, err := svix.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := webhook.Sign(id, at, body)
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{}
	header.Set("svix-id", id)
	header.Set("svix-timestamp", strconv.FormatInt(at.Unix(), 10))
	header.Set("svix-signature", signature)
	return header
}

func (r *receiver) post(body []byte, header http.Header) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, clerksync.WebhookPath, bytes.NewReader(body))
	request.Header = header.Clone()
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	r.handler.ServeHTTP(answer, request)
	return answer
}

// deliver sends a well-signed delivery.
func (r *receiver) deliver(t testing.TB, id, body string) *httptest.ResponseRecorder {
	t.Helper()
	return r.post([]byte(body), sign(t, webhookSecret, id, time.Now(), []byte(body)))
}

func (r *receiver) mustDeliver(t testing.TB, id, body string) {
	t.Helper()
	answer := r.deliver(t, id, body)
	if answer.Code != http.StatusOK || strings.TrimSpace(answer.Body.String()) != `{"status":"success"}` {
		t.Fatalf("%s: %d %s", body, answer.Code, answer.Body)
	}
}

func (r *receiver) count(t testing.TB, collection string) int64 {
	t.Helper()
	n, err := r.app.CountRecords(collection)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// outcomes returns what the deliveries' notes say, in the order of arrival.
func (r *receiver) outcomes(t testing.TB) (outcomes []string) {
	t.Helper()
	err := r.app.DB().NewQuery(`SELECT event_type || ': ' || outcome FROM clerk_webhook_deliveries ORDER BY rowid`).Column(&outcomes)
	if err != nil {
		t.Fatal(err)
	}
	return outcomes
}

func userEvent(kind, id, email, name string, updatedAt int64, banned bool) string {
	data, _ := json.Marshal(map[string]any{
		"object": "user", "id": id, "first_name": name, "last_name": nil, "username": nil, "banned": banned, "updated_at": updatedAt,
		"primary_email_address_id": "idn_1",
		"email_addresses": []any{map[string]any{
			"id": "idn_1", "object": "email_address", "email_address": email, "verification": map[string]any{"status": "verified"}, "linked_to": []any{},
		}},
	})
	return fmt.Sprintf(`{"type":%q,"object":"event","instance_id":"ins_2verso","timestamp":1,"data":%s}`, kind, data)
}

func deletedEvent(id string) string {
	return fmt.Sprintf(`{"type":"user.deleted","object":"event","data":{"object":"user","id":%q,"deleted":true}}`, id)
}

func TestWebhookVerifies(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, otherSecret, webhookSecret)
	body := []byte(userEvent("user.created", "user_2ada", "ada@example.org", "Ada", 1, false))
	now := time.Now()
	good := sign(t, webhookSecret, "msg_1", now, body)
	with := func(name string, values ...string) http.Header {
		changed := good.Clone()
		changed[http.CanonicalHeaderKey(name)] = values
		return changed
	}
	renamed := http.Header{}
	for name, values := range good {
		renamed[strings.Replace(name, "Svix-", "Webhook-", 1)] = values
	}
	var compact bytes.Buffer
	if err := json.Indent(&compact, body, "", " "); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		body   []byte
		header http.Header
	}{
		{"no headers", body, http.Header{}},
		{"no id", body, with("svix-id")},
		{"no timestamp", body, with("svix-timestamp")},
		{"no signature", body, with("svix-signature")},
		{"empty signature", body, with("svix-signature", "")},
		{"two signatures in two headers", body, with("svix-signature", good.Get("svix-signature"), good.Get("svix-signature"))},
		{"another id", body, with("svix-id", "msg_2")},
		{"another time", body, with("svix-timestamp", strconv.FormatInt(now.Unix()-1, 10))},
		{"another version", body, with("svix-signature", strings.Replace(good.Get("svix-signature"), "v1,", "v2,", 1))},
		{"another name", body, renamed},
		{"an unknown secret", body, sign(t, "whsec_dW5rbm93biBzZWNyZXQ=", "msg_1", now, body)},
		{"written again", compact.Bytes(), good},
		{"too old", body, sign(t, webhookSecret, "msg_1", now.Add(-5*time.Minute-2*time.Second), body)},
		{"from the future", body, sign(t, webhookSecret, "msg_1", now.Add(5*time.Minute+2*time.Second), body)},
	} {
		answer := r.post(test.body, test.header)
		if answer.Code != http.StatusBadRequest || !strings.Contains(answer.Body.String(), "Error verifying webhook signature.") {
			t.Errorf("%s: %d %s", test.name, answer.Code, answer.Body)
		}
	}
	for i := range body {
		changed := slices.Clone(body)
		changed[i] ^= 1
		if answer := r.post(changed, good); answer.Code != http.StatusBadRequest {
			t.Fatalf("with byte %d changed: %d", i, answer.Code)
		}
	}
	if n := r.count(t, records.CollectionUsers) + r.count(t, records.CollectionDeliveries); n != 0 {
		t.Fatalf("%d rows were written by what was refused", n)
	}

	old := sign(t, otherSecret, "msg_1", now, body).Get("svix-signature")
	for name, header := range map[string]http.Header{
		"good":              good,
		"replayed":          good,
		"the other secret":  sign(t, otherSecret, "msg_2", now, body),
		"several in one":    with("svix-signature", "v1,AAAA "+old+" "+good.Get("svix-signature")),
		"nearly too old":    sign(t, webhookSecret, "msg_3", now.Add(-4*time.Minute), body),
		"nearly the future": sign(t, webhookSecret, "msg_4", now.Add(4*time.Minute), body),
	} {
		if answer := r.post(body, header); answer.Code != http.StatusOK {
			t.Errorf("%s: %d %s", name, answer.Code, answer.Body)
		}
	}
	if n := r.count(t, records.CollectionDeliveries); n != 4 {
		t.Errorf("%d deliveries are noted, want 4 different ones", n)
	}
}

func TestWebhookRefusals(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, webhookSecret)
	if answer := newReceiver(t).deliver(t, "msg_1", `{}`); answer.Code != http.StatusInternalServerError || !strings.Contains(answer.Body.String(), "Webhook secret is not configured.") {
		t.Errorf("without a secret: %d %s", answer.Code, answer.Body)
	}
	long := `{"type":"user.created","data":"` + strings.Repeat("x", 1<<20) + `"}`
	if answer := r.deliver(t, "msg_1", long); answer.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("above 1 MiB: %d", answer.Code)
	}
	for _, body := range []string{``, `[]`, `{`, `{"data":{}}`, `{"type":7}`, `{"type":"user.created","data":[]}`, `{"type":"user.created","data":{"id":"../x"}}`} {
		if answer := r.deliver(t, "msg_1", body); answer.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", body, answer.Code, answer.Body)
		}
	}
	if _, err := clerksync.New(r.app, clerksync.Config{WebhookSecrets: []string{"whsec_"}}); err == nil {
		t.Error("an empty secret is accepted")
	}
}

// TestWebhookEffects holds what each type of event does.
func TestWebhookEffects(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, webhookSecret)
	r.mustDeliver(t, "msg_1", userEvent("user.updated", "user_2ada", "ada@example.org", "Ada", 20, false))
	r.mustDeliver(t, "msg_2", userEvent("user.created", "user_2ada", "old@example.org", "None", 10, false))
	if got := stateOf(t, r.app, "user_2ada"); got != (state{"ada@example.org", "ada@example.org", "Ada"}) {
		t.Errorf("late news are not dropped: %v", got)
	}
	r.mustDeliver(t, "msg_3", `{"type":"session.ended","data":{"object":"session","id":"sess_1","user_id":"user_2ada"}}`)
	r.mustDeliver(t, "msg_4", `{"type":"session.removed","data":{"id":"sess_2"}}`)
	r.mustDeliver(t, "msg_5", `{"type":"session.revoked","data":{"id":"sess_3"}}`)
	r.mustDeliver(t, "msg_6", userEvent("user.updated", "user_2ada", "ada@example.org", "Ada", 30, true))
	r.mustDeliver(t, "msg_7", userEvent("user.updated", "user_2ada", "ada@example.org", "Ada", 25, true)) // late
	r.mustDeliver(t, "msg_8", `{"type":"organization.created","data":{"id":"org_1","name":"Ada & Bo"}}`)
	r.mustDeliver(t, "msg_9", deletedEvent("user_2ada"))
	r.mustDeliver(t, "msg_9", deletedEvent("user_2ada"))
	r.mustDeliver(t, "msg_10", userEvent("user.updated", "user_2ada", "ada@example.org", "Ada", 40, false))
	r.mustDeliver(t, "msg_11", `{"type":"user.deleted","data":{"object":"user","deleted":true}}`)
	if want := []string{"sess_1", "sess_2", "sess_3", "banned user_2ada", "deleted user_2ada"}; !slices.Equal(r.ended, want) {
		t.Errorf("ended %v, want %v", r.ended, want)
	}
	want := []string{
		"user.updated: applied", "user.created: stale", "session.ended: applied", "session.removed: applied", "session.revoked: applied",
		"user.updated: applied", "user.updated: stale", "organization.created: unknown type", "user.deleted: applied",
		"user.updated: user deleted", "user.deleted: ignored",
	}
	if got := r.outcomes(t); !slices.Equal(got, want) {
		t.Errorf("outcomes\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if userOf(t, r.app, "user_2ada") != nil {
		t.Error("a deleted user is there")
	}
	counted, err := r.app.FindFirstRecordByFilter(records.CollectionWebhookCounts, "event_type = 'user.updated' && outcome = 'applied'")
	if err != nil || counted.GetInt("count") != 2 || counted.GetDateTime("last_at").IsZero() {
		t.Errorf("counts: %v, %v", counted, err)
	}
}

// TestWebhookFails holds that a delivery which could not be written is to be sent
// again, changes nothing, and then has its effect.
func TestWebhookFails(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, webhookSecret)
	failing := true
	r.app.OnRecordCreateExecute(records.CollectionUsers).BindFunc(func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil || !failing {
			return err
		}
		return fmt.Errorf("the disk is full")
	})
	body := userEvent("user.created", "user_2ada", "ada@example.org", "Ada", 1, false)
	answer := r.deliver(t, "msg_1", body)
	if answer.Code != http.StatusServiceUnavailable || answer.Header().Get("Retry-After") == "" || strings.Contains(answer.Body.String(), "disk") {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
	if n := r.count(t, records.CollectionUsers) + r.count(t, records.CollectionDeliveries) + r.count(t, records.CollectionWebhookCounts); n != 0 {
		t.Fatalf("%d rows are left of a delivery that failed", n)
	}
	failing = false
	r.mustDeliver(t, "msg_1", body)
	if userOf(t, r.app, "user_2ada") == nil {
		t.Error("the delivery had no effect the second time")
	}
}

// TestWebhookAtOnce sends one delivery many times at once, beside first requests.
func TestWebhookAtOnce(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, webhookSecret)
	fake := newFakeClerk(t)
	users := mustNew(t, r.app, clerksync.Config{Backend: fake.backend})
	body := userEvent("user.created", "user_2ada", "ada@example.org", "Ada", 1764000000120, false)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if _, err := users.Provision(t.Context(), "user_2ada"); err != nil {
				t.Error(err)
			}
		})
		group.Go(func() {
			if answer := r.deliver(t, "msg_1", body); answer.Code != http.StatusOK {
				t.Errorf("%d %s", answer.Code, answer.Body)
			}
		})
	}
	group.Wait()
	if n := r.count(t, records.CollectionUsers); n != 1 || fake.fetches.Load() > 1 {
		t.Errorf("%d users, %d questions to Clerk", n, fake.fetches.Load())
	}
	if got := r.outcomes(t); len(got) != 1 {
		t.Errorf("outcomes %v", got)
	}
}

func TestPrune(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, webhookSecret)
	r.mustDeliver(t, "msg_1", `{"type":"x.y","data":{}}`)
	r.mustDeliver(t, "msg_2", `{"type":"x.y","data":{}}`)
	_, err := r.app.DB().Update(records.CollectionDeliveries, dbx.Params{"created_at": time.Now().UTC().Add(-31 * 24 * time.Hour).Format("2006-01-02 15:04:05.000Z")},
		dbx.HashExp{"svix_id": "msg_1"}).Execute()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.sync.Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := r.count(t, records.CollectionDeliveries); n != 1 {
		t.Errorf("%d deliveries are left, want the recent one", n)
	}
}
