package tests

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"verso/hooks/web/openapi"
	"verso/tests/described"
	"verso/tests/process"
)

// mustSendMail has a document finished of which a mail is sent, and returns its job.
func (a *api) mustSendMail(t *testing.T) process.Job {
	t.Helper()
	a.root.SendJSON(t, http.MethodPatch, "/api/settings", map[string]any{
		"meta": map[string]any{"senderName": "Verso", "senderAddress": "verso@example.com"},
		"smtp": map[string]any{"enabled": true, "host": "127.0.0.1", "port": a.box.Port},
	}).MustBe(t, http.StatusOK)
	job := a.job(t, plain("One.\n"))
	awaitStatus(t, a.ada, waitShort, []string{"COMPLETED"}, job.ID)
	return job
}

func (a *api) askForAccount(t *testing.T, mailed process.Job) {
	a.ask(t, a.ada, http.StatusOK, "GET", "/api/v1/me", nil)
	a.ask(t, a.root, http.StatusForbidden, "GET", "/api/v1/me", nil)
	a.ask(t, a.ada, http.StatusNoContent, "DELETE", "/api/v1/memory", nil)
	a.ask(t, a.root, http.StatusForbidden, "DELETE", "/api/v1/memory", nil)

	a.ask(t, a.ada, http.StatusOK, "GET", "/api/v1/notices", nil)
	a.ask(t, a.root, http.StatusForbidden, "GET", "/api/v1/notices", nil)
	a.ask(t, a.ada, http.StatusOK, "PATCH", "/api/v1/notices", map[string]bool{"mail": true})
	a.ask(t, a.ada, http.StatusBadRequest, "PATCH", "/api/v1/notices", map[string]bool{})
	a.ask(t, a.root, http.StatusForbidden, "PATCH", "/api/v1/notices", map[string]bool{"mail": true})
	a.ask(t, a.ada, http.StatusRequestEntityTooLarge, "PATCH", "/api/v1/notices", tooLong(10<<20))

	mail := a.box.Next(t, mailWithin)
	link, err := url.Parse(strings.Trim(mail.Header.Get("List-Unsubscribe"), "<>"))
	if err != nil || link.Path != "/api/v1/notices/off" {
		t.Fatalf("the mail about %s has no link that switches mails off: %v", mailed.ID, err)
	}
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	for _, path := range []string{"/api/v1/notices/off", "/api/v1/notices/on"} {
		a.ask(t, a.guest, http.StatusOK, "POST", path+"?"+link.RawQuery, "List-Unsubscribe=One-Click", form...)
		a.ask(t, a.guest, http.StatusBadRequest, "POST", path+"?token=none", nil)
		a.ask(t, a.guest, http.StatusRequestEntityTooLarge, "POST", path+"?"+link.RawQuery, tooLong(3<<20), form...)
	}
	a.ask(t, a.guest, http.StatusOK, "GET", link.RequestURI(), nil)
	a.ask(t, a.guest, http.StatusBadRequest, "GET", "/api/v1/notices/off?token=none", nil)
}

// tooLong is a body of so many bytes.
func tooLong(bytes int) string { return strings.Repeat("x", bytes) }

func (a *api) askForService(t *testing.T) {
	a.ask(t, a.guest, http.StatusOK, "GET", "/api/v1/config", nil)
	a.ask(t, a.guest, http.StatusOK, "GET", "/healthz", nil)
	a.ask(t, a.guest, http.StatusOK, "GET", "/readyz", nil)
	a.ask(t, a.root, http.StatusOK, "GET", "/metrics", nil)
	a.ask(t, a.guest, http.StatusUnauthorized, "GET", "/metrics", nil)
	a.ask(t, a.ada, http.StatusForbidden, "GET", "/metrics", nil)

	document := a.ask(t, a.guest, http.StatusOK, "GET", "/api/v1/openapi.json", nil)
	if written, err := openapi.Document(); err != nil || !bytes.Equal(document.Body, written) {
		t.Errorf("the document is not the one that is held here (%v)", err)
	}
	a.ask(t, a.guest, http.StatusNotModified, "GET", "/api/v1/openapi.json", nil, "If-None-Match", document.Header.Get("ETag"))

	const webhook = "/api/v1/webhooks/clerk"
	event := userDelivery(1)
	var signed []string
	for name, values := range event.signGo(t) {
		signed = append(signed, name, values[0])
	}
	a.ask(t, a.guest, http.StatusOK, "POST", webhook, event.body, signed...)
	a.ask(t, a.guest, http.StatusBadRequest, "POST", webhook, event.body)
	a.ask(t, a.guest, http.StatusRequestEntityTooLarge, "POST", webhook, tooLong(1<<20+1))
}

// askForAnything asks for every operation with tokens that do not count, as somebody
// who may not, and more often than is allowed.
func (a *api) askForAnything(t *testing.T) {
	operations := a.document.Operations()
	garbage := a.As(t, func() (string, error) { return "garbage", nil })
	for i, operation := range operations {
		path := addressOf(operation)
		a.ask(t, garbage, http.StatusUnauthorized, operation.Method, path, nil, "X-Forwarded-For", fmt.Sprintf("192.0.2.%d", i))
		a.ask(t, a.ghost, http.StatusNotFound, operation.Method, path, nil)
		a.ask(t, a.late, http.StatusServiceUnavailable, operation.Method, path, nil)
		if !a.document.IsFor(operation, "") && operation.ID != "receiveClerkWebhook" {
			a.ask(t, a.guest, http.StatusUnauthorized, operation.Method, path, nil)
		}
		if strings.Contains(operation.Path, "{id}") {
			a.ask(t, a.ada, http.StatusNotFound, operation.Method, path, nil)
		}
	}

	for _, operation := range operations {
		a.failUntilLimited(t, garbage, operation)
	}

	a.root.SendJSON(t, http.MethodPatch, "/api/settings", map[string]any{"rateLimits": map[string]any{
		"enabled": true, "rules": []any{map[string]any{"label": "/", "maxRequests": 1, "duration": 3600}},
	}}).MustBe(t, http.StatusOK)
	a.ask(t, a.guest, http.StatusOK, "GET", "/healthz", nil)
	for _, operation := range operations {
		if operation.ID != "receiveClerkWebhook" { // all deliveries come from a few addresses
			a.ask(t, a.ada, http.StatusTooManyRequests, operation.Method, addressOf(operation), nil)
		}
	}
}

// failUntilLimited asks for an operation from one address with a token that does not
// count, until too many of those have come.
func (a *api) failUntilLimited(t *testing.T, client *process.Client, operation *described.Operation) {
	t.Helper()
	header := http.Header{"X-Forwarded-For": {"198.51.100.7"}}
	for range 100 { // some 30 may fail in 10 seconds
		answer, err := client.Do(t.Context(), operation.Method, addressOf(operation), nil, header)
		if err != nil {
			t.Fatal(err)
		}
		if answer.Status != http.StatusUnauthorized {
			a.mustBeDescribed(t, http.StatusTooManyRequests, answer, nil)
			return
		}
	}
	t.Errorf("%s is not limited", operation.ID)
}

// addressOf is an address that meets an operation, of a job that there is not.
func addressOf(operation *described.Operation) string {
	return strings.NewReplacer("{id}", "abcdefghijklmno", "{position}", "0").Replace(operation.Path)
}
