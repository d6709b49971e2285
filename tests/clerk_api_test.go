package tests

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// clerkAPI stands in for the part of Clerk's Backend API that lists users.
type clerkAPI struct {
	url string

	mu    sync.Mutex
	users []map[string]any
}

func newClerkAPI(t *testing.T, ids ...string) *clerkAPI {
	t.Helper()
	api := &clerkAPI{}
	for _, id := range ids {
		api.users = append(api.users, map[string]any{
			"object": "user", "id": id, "first_name": strings.TrimPrefix(id, "user_"), "updated_at": 1764000000000,
			"email_addresses": []any{}, "primary_email_address_id": nil,
		})
	}
	server := httptest.NewServer(http.HandlerFunc(api.serve))
	t.Cleanup(server.Close)
	api.url = server.URL
	return api
}

func (a *clerkAPI) serve(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if id, ok := strings.CutPrefix(r.URL.Path, "/v1/users/"); ok {
		at := slices.IndexFunc(a.users, func(u map[string]any) bool { return u["id"] == id })
		if at < 0 {
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"errors":[{"code":"resource_not_found"}]}`))
			return
		}
		_ = json.NewEncoder(w).Encode(a.users[at])
		return
	}
	listed := slices.Clone(a.users)
	if ids := r.URL.Query()["user_id"]; len(ids) > 0 {
		listed = slices.DeleteFunc(listed, func(u map[string]any) bool { return !slices.Contains(ids, u["id"].(string)) })
	}
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	_ = json.NewEncoder(w).Encode(listed[min(offset, len(listed)):])
}

// forget makes Clerk know a user no more.
func (a *clerkAPI) forget(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.users = slices.DeleteFunc(a.users, func(u map[string]any) bool { return u["id"] == id })
}
