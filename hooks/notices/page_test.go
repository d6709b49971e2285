package notices_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"verso/hooks/records"
)

func mustRouter(t testing.TB, app core.App) *router.Router[*core.RequestEvent] {
	t.Helper()
	made, err := apis.NewRouter(app)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// TestSwitch holds that one click switches a person's mails off, that following the
// link alone does not, and that one more switches them on again.
func TestSwitch(t *testing.T) {
	t.Parallel()
	s, box := serve(t)
	ada, bo := s.addUser(t, "ada000000000000", "ada@example.com"), s.addUser(t, "bo0000000000000", "bo@example.com")
	off, on := "/api/v1/notices/off?token="+s.Token(ada), "/api/v1/notices/on?token="+s.Token(ada)
	mails := 0
	expect := func(after string, owner string, sent bool) {
		t.Helper()
		s.move(t, s.addJob(t, owner, "moby.txt"), "status = 'COMPLETED'")
		s.look(t)
		if got := len(box.Mails()); (got == mails+1) != sent {
			t.Errorf("after %s %s is sent: %v, want %v", after, owner, got == mails+1, sent)
		}
		mails = len(box.Mails())
		preference := s.ask(http.MethodGet, "/api/v1/notices", "users/"+owner, "")
		if want := map[bool]string{true: `{"mail":true,"offered":true}`, false: `{"mail":false,"offered":true}`}[sent]; strings.TrimSpace(preference.Body.String()) != want {
			t.Errorf("after %s the preference is %s, want %s", after, preference.Body, want)
		}
	}
	expect("nothing", ada, true)

	page := s.ask(http.MethodGet, off, "", "")
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), `<form method="post" action="off?token=`+s.Token(ada)+`">`) {
		t.Errorf("the link: %d %s", page.Code, page.Body)
	}
	expect("the link was followed", ada, true)

	for range 2 {
		if answer := s.ask(http.MethodPost, off, "", "List-Unsubscribe=One-Click", "Content-Type", "application/x-www-form-urlencoded"); answer.Code != http.StatusOK ||
			!strings.Contains(answer.Body.String(), `action="on?token=`+s.Token(ada)+`"`) {
			t.Errorf("one click: %d %s", answer.Code, answer.Body)
		}
	}
	expect("one click", ada, false)
	expect("another's click", bo, true)

	if answer := s.ask(http.MethodPost, on, "", ""); answer.Code != http.StatusOK {
		t.Errorf("on again: %d %s", answer.Code, answer.Body)
	}
	expect("on again", ada, true)

	if answer := s.ask(http.MethodPatch, "/api/v1/notices", "users/"+ada, `{"mail":false}`, "Content-Type", "application/json"); answer.Code != http.StatusOK {
		t.Errorf("signed in: %d %s", answer.Code, answer.Body)
	}
	expect("a change when signed in", ada, false)
	if got := s.text(t, "SELECT COUNT(*) FROM notice_preferences"); got != "2" {
		t.Errorf("%s rows for two people", got)
	}

	// Who is gone leaves nothing, and his links do nothing.
	user, err := s.app.FindRecordById(records.CollectionUsers, ada)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.app.Delete(user); err != nil {
		t.Fatal(err)
	}
	if answer := s.ask(http.MethodPost, off, "", ""); answer.Code != http.StatusOK {
		t.Errorf("the link of somebody who is gone: %d %s", answer.Code, answer.Body)
	}
	if got := s.text(t, "SELECT owner FROM notice_preferences"); got != bo {
		t.Errorf("left are the preferences of %s", got)
	}
}

// TestPreferenceRefusals holds what the routes for the signed-in refuse.
func TestPreferenceRefusals(t *testing.T) {
	t.Parallel()
	s := start(t, newApp(t, migratedDir))
	ada := "users/" + s.addUser(t, "ada000000000000", "ada@example.com")
	supers, err := s.app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		t.Fatal(err)
	}
	root := core.NewRecord(supers)
	root.SetEmail("root@example.org")
	root.SetPassword("correct horse battery")
	if err := s.app.Save(root); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		method, user, body string
		status             int
	}{
		{http.MethodGet, "", "", http.StatusUnauthorized},
		{http.MethodPatch, "", `{"mail":false}`, http.StatusUnauthorized},
		{http.MethodPatch, ada, `{}`, http.StatusBadRequest},
		{http.MethodPatch, ada, `{"mail":null}`, http.StatusBadRequest},
		{http.MethodPatch, ada, `{"mail":"no"}`, http.StatusBadRequest},
		{http.MethodPatch, ada, `{`, http.StatusBadRequest},
		{http.MethodGet, core.CollectionNameSuperusers + "/" + root.Id, "", http.StatusForbidden},
		{http.MethodPatch, core.CollectionNameSuperusers + "/" + root.Id, `{"mail":false}`, http.StatusForbidden},
	} {
		if answer := s.ask(test.method, "/api/v1/notices", test.user, test.body, "Content-Type", "application/json"); answer.Code != test.status {
			t.Errorf("%s as %q with %s: %d, want %d", test.method, test.user, test.body, answer.Code, test.status)
		}
	}
	if got := s.text(t, "SELECT COUNT(*) FROM notice_preferences"); got != "0" {
		t.Errorf("%s rows were written", got)
	}
}

// TestHostileTokens holds that whoever has no token learns nothing and changes
// nothing.
func TestHostileTokens(t *testing.T) {
	t.Parallel()
	s := start(t, newApp(t, migratedDir))
	ada, bo := s.addUser(t, "ada000000000000", "ada@example.com"), s.addUser(t, "bo0000000000000", "bo@example.com")
	good := s.Token(ada)
	_, signature, _ := strings.Cut(good, ".")
	last := good[len(good)-1]
	twin := map[byte]byte{} // the same bits in a digest's last character, and one more
	for i, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
		twin[byte(c)] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[i^1]
	}
	first := ""
	for name, token := range map[string]string{
		"none": "", "empty parts": ".", "no signature": ada, "empty signature": ada + ".", "no id": "." + signature,
		"another's": bo + "." + signature, "nobody's": "nobody000000000." + signature, "cut off": good[:len(good)-1],
		"longer": good + "A", "padded": good + "%3D", "twin": good[:len(good)-1] + string(twin[last]), "upper": strings.ToUpper(good),
		"huge": strings.Repeat("a", 100_000) + "." + signature, "null": ada + "%00." + signature, "SQL": "%27%20OR%201%3D1--." + signature,
	} {
		for _, request := range [][2]string{{http.MethodGet, "off"}, {http.MethodPost, "off"}, {http.MethodPost, "on"}} {
			answer := s.ask(request[0], "/api/v1/notices/"+request[1]+"?token="+token, "", "")
			if first == "" {
				first = answer.Body.String()
			}
			if answer.Code != http.StatusBadRequest || answer.Body.String() != first {
				t.Errorf("%s: %s %s answers %d %s", name, request[0], request[1], answer.Code, answer.Body)
			}
		}
	}
	if got := s.text(t, "SELECT COUNT(*) FROM notice_preferences"); got != "0" {
		t.Errorf("%s rows were written", got)
	}
}

// TestPageHeaders holds that the page can do nothing but post its form, and that its
// address, which holds the token, goes nowhere.
func TestPageHeaders(t *testing.T) {
	t.Parallel()
	s := start(t, newApp(t, migratedDir))
	answer := s.ask(http.MethodGet, "/api/v1/notices/off?token="+s.Token(s.addUser(t, "ada000000000000", "ada@example.com")), "", "")
	_, rest, _ := strings.Cut(answer.Body.String(), "<style>")
	style, _, ok := strings.Cut(rest, "</style>")
	digest := sha256.Sum256([]byte(style))
	policy := answer.Header().Get("Content-Security-Policy")
	if !ok || !strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(digest[:])+"'") || !strings.HasPrefix(policy, "default-src 'none';") {
		t.Errorf("the policy is %s for the style %q", policy, style)
	}
	for name, want := range map[string]string{
		"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff",
	} {
		if got := answer.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if strings.Contains(answer.Body.String(), "<script") {
		t.Error("there is a script")
	}
}
