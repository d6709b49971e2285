package standin_test

import (
	"net/http"
	"strings"
	"testing"

	"verso/tests/standin"
)

// get asks without the SDK, which would send a key.
func get(t testing.TB, url string) *http.Response {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response
}

func TestKeys(t *testing.T) {
	server := standin.StartGemini(t, standin.Config{Keys: []string{key, "other"}})
	newClient(t, server, key).answer(blocks("One."))
	newClient(t, server, "other").answer(blocks("One."))
	_, err := newClient(t, server, "unknown").ask(t.Context(), blocks("One."))
	wantKeyInvalid(t, err)
	_, err = newClient(t, server, "unknown").Models.Get(t.Context(), model, nil)
	wantKeyInvalid(t, err)
	for url, want := range map[string]int{"/v1beta/models": 403, "/v1beta/models?key=other": 200, "/v1beta/models?key=x": 400, "/elsewhere?key=other": 404} {
		if got := get(t, server.URL+url).StatusCode; got != want {
			t.Errorf("%s: %d, want %d", url, got, want)
		}
	}
}

func wantKeyInvalid(t *testing.T, err error) {
	t.Helper()
	failed := refused(t, err)
	if failed.Code != 400 || failed.Status != "INVALID_ARGUMENT" || detail(t, failed, "ErrorInfo")["reason"] != "API_KEY_INVALID" {
		t.Errorf("got %v", failed)
	}
}

func TestRevokedKey(t *testing.T) {
	server, client := start(t, standin.Config{})
	client.answer(blocks("One."))
	server.RevokeKey(key)
	wantKeyInvalid(t, second(client.ask(t.Context(), blocks("One."))))
	newClient(t, server, "other").answer(blocks("One."))
	server.SpoilKey(key, "")
	client.answer(blocks("One."))
}

// TestKeyFaults has each refusal of a key, and that it lasts.
func TestKeyFaults(t *testing.T) {
	tests := []struct {
		fault   standin.Fault
		code    int
		reason  string
		message string
	}{
		{standin.WrongKey, 400, "API_KEY_INVALID", "API key not valid"},
		{standin.ExpiredKey, 400, "API_KEY_INVALID", "API key expired"},
		{standin.LeakedKey, 403, "", "reported as leaked"},
		{standin.SuspendedKey, 403, "CONSUMER_SUSPENDED", "'api_key:" + key + "' has been suspended"},
		{standin.BlockedKey, 403, "API_KEY_SERVICE_BLOCKED", "are blocked"},
	}
	for _, test := range tests {
		t.Run(string(test.fault), func(t *testing.T) {
			server, client := start(t, standin.Config{Rules: []standin.Rule{{Fault: test.fault, Numbers: []int{2}}}})
			client.answer(blocks("One."))
			for range 2 { // the rule strikes once, and the key stays refused
				failed := refused(t, second(client.ask(t.Context(), blocks("One."))))
				if failed.Code != test.code || !strings.Contains(failed.Message, test.message) {
					t.Errorf("got %v", failed)
				}
				if test.reason != "" && detail(t, failed, "ErrorInfo")["reason"] != test.reason {
					t.Errorf("details %v", failed.Details)
				}
			}
			newClient(t, server, "other").answer(blocks("One."))
		})
	}
}
