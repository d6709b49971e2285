package tests

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"verso/tests/described"
	"verso/tests/mailbox"
	"verso/tests/process"
	"verso/tests/standin"
)

// People of the tests below: Clerk knows the first, knows nothing of the second, and
// does not answer for the third.
const known, ghost, late = "user_2ada", "user_2ghost", "user_2late"

// stillWord is a word in documents for which Gemini never answers.
const stillWord = "stillwater"

// api asks a running service, and holds every answer against the description of the
// routes.
type api struct {
	*process.Server
	document *described.Document
	box      *mailbox.Mailbox

	ada, ghost, late, root, guest *process.Client
}

// TestOpenAPI asks a running service for every operation that is described, for its
// success and for its refusals. Each answer is as described and holds nothing besides;
// and what was never seen stands in a list with the reason.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	a := startDescribed(t)
	mailed := a.mustSendMail(t)
	t.Run("documents", a.askForDocuments)
	t.Run("jobs", a.askForJobs)
	t.Run("text", a.askForText)
	t.Run("brief", a.askForBrief)
	t.Run("before an upload", a.askBeforeUpload)
	t.Run("account", func(t *testing.T) { a.askForAccount(t, mailed) })
	t.Run("service", a.askForService)
	t.Run("anything", a.askForAnything)
	a.mustHaveSeenAll(t)
}

// startDescribed starts a service with stand-ins for Clerk, Gemini and a mail server.
func startDescribed(t *testing.T) *api {
	t.Helper()
	clerk, users := newInstance(t), newClerkAPI(t, known)
	users.users[0]["primary_email_address_id"] = "idn_1"
	users.users[0]["email_addresses"] = []any{map[string]any{
		"id": "idn_1", "email_address": "ada@example.org", "verification": map[string]any{"status": "verified"},
	}}
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/"+late) {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		users.serve(w, r)
	}))
	t.Cleanup(backend.Close)
	gemini := standin.StartGemini(t, standin.Config{Rules: []standin.Rule{
		{Fault: standin.Safety, Holding: poisonWord},
		{Fault: standin.Hang, Holding: stillWord},
	}})
	environment := clerk.env(t, "VERSO_ENGINES", "pseudo,gemini", "VERSO_PSEUDO_DELAY", "0s",
		"GOOGLE_GEMINI_BASE_URL", gemini.URL, "GEMINI_API_KEY", serverKey, "VERSO_USER_MONTHLY_USD", "0.000001",
		"VERSO_MAX_UPLOAD_MB", "1", "VERSO_MAX_ACTIVE_JOBS", "6",
		"VERSO_SUPERUSER_EMAIL", superuserEmail, "VERSO_SUPERUSER_PASSWORD", superuserPassword,
		"VERSO_PUBLIC_URL", pageOrigin, "CLERK_WEBHOOK_SECRET", webhookSecret, "CLERK_SECRET_KEY", "sk_test_key",
		"VERSO_TRUSTED_PROXY_HEADERS", "X-Forwarded-For")
	environment["CLERK_API_URL"] = backend.URL
	server := process.Start(t, process.Options{Command: "serve", Dir: filepath.Join(t.TempDir(), "data"), Env: environment})
	return &api{
		Server: server, document: mustDescribe(t), box: mailbox.Open(t),
		ada:   clerk.signIn(t, server, known, nil),
		ghost: clerk.signIn(t, server, ghost, nil),
		late:  clerk.signIn(t, server, late, nil),
		root:  server.SignInSuperuser(t, superuserEmail, superuserPassword),
		guest: server.Guest(t),
	}
}

// ask sends a value as JSON, a text as it is, or nothing, and wants an answer of a
// status. Headers are given as name, value, name, value.
func (a *api) ask(t *testing.T, client *process.Client, want int, method, address string, body any, header ...string) *process.Answer {
	t.Helper()
	var sent []byte
	switch value := body.(type) {
	case nil:
	case string:
		sent = []byte(value)
	default:
		var err error
		if sent, err = json.Marshal(value); err != nil {
			t.Fatal(err)
		}
	}
	with := http.Header{}
	if body != nil {
		with.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		with.Set(header[i], header[i+1])
	}
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(sent)
	}
	answer, err := client.Do(t.Context(), method, address, reader, with)
	if err != nil {
		t.Fatalf("%s %s: %v", method, address, err)
	}
	if with.Get("Content-Type") != "application/json" {
		sent = nil
	}
	return a.mustBeDescribed(t, want, answer, sent)
}

// upload sends a form, and wants an answer of a status.
func (a *api) upload(t *testing.T, want int, path string, upload process.Upload) *process.Answer {
	t.Helper()
	upload.Path = path
	return a.mustBeDescribed(t, want, a.ada.Upload(t, upload), nil)
}

func (a *api) mustBeDescribed(t *testing.T, want int, answer *process.Answer, sent []byte) *process.Answer {
	t.Helper()
	if answer.Status != want {
		t.Errorf("want %d: %s", want, answer)
	}
	method, address, _ := strings.Cut(answer.Asked, " ")
	for _, wrong := range a.document.Check(described.Exchange{
		Method: method, Address: address, Sent: sent,
		Status: answer.Status, Header: answer.Header, Body: answer.Body,
	}) {
		t.Error(wrong)
	}
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "application/json") && answer.Status >= 400 && answer.Asked != "GET /readyz" {
		answer.MustRefuse(t, answer.Status) // the message once more as detail
	}
	return answer
}

// unseen returns the answers that no test here provokes, by status or by operation and
// status, with the reason.
func unseen() map[string]string {
	return map[string]string{
		"408": "an upload would have to stand still for a minute",
		"500": "there is no honest way to make the service fail; TestErrors of hooks/web holds the form of what is answered then, TestWebhookSecretIsNeeded that of a missing secret",
		"507": "the disk would have to be full",

		"viewBrief 409": "the job would have to be deleted between two reads of one request",
	}
}

// mustHaveSeenAll wants every answer that is described to have been seen or to be in
// the list, and nothing to be in the list that was seen or is not described.
func (a *api) mustHaveSeenAll(t *testing.T) {
	t.Helper()
	described, seen, used := 0, 0, map[string]bool{}
	for _, operation := range a.document.Operations() {
		for _, status := range operation.Statuses() {
			described++
			if operation.Seen(status) {
				seen++
			}
			general, own := strconv.Itoa(status), fmt.Sprintf("%s %d", operation.ID, status)
			_, excusedByStatus := unseen()[general]
			_, excusedByName := unseen()[own]
			used[general], used[own] = true, true
			switch excused := excusedByStatus || excusedByName; {
			case !excused && !operation.Seen(status):
				t.Errorf("%s never answered %d, and no reason is given", operation.ID, status)
			case excused && operation.Seen(status):
				t.Errorf("%s answered %d, and a reason is given why it does not", operation.ID, status)
			}
		}
	}
	for name := range unseen() {
		if !used[name] {
			t.Errorf("%q is in the list and described nowhere", name)
		}
	}
	t.Logf("%d operations, %d answers of %d seen", len(a.document.Operations()), seen, described)
}
