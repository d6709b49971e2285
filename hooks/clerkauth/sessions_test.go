package clerkauth_test

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"verso/hooks/clerkauth"
)

// withSessions gives a service sessions that the test ends.
func withSessions(t *testing.T) (*service, *clerkauth.Sessions) {
	t.Helper()
	var sessions *clerkauth.Sessions
	app := newApp(t)
	s := newServiceOn(t, app, func(config *clerkauth.Config) {
		sessions = clerkauth.NewSessions(app)
		config.Sessions = sessions
	})
	return s, sessions
}

// listen registers a realtime client and subscribes it with a token.
func (s *service) listen(t *testing.T, token string) *subscriptions.DefaultClient {
	t.Helper()
	client := subscriptions.NewDefaultClient()
	s.app.SubscriptionsBroker().Register(client)
	t.Cleanup(func() { s.app.SubscriptionsBroker().Unregister(client.Id()) })
	s.subscribe(client, token).assert(t, 204, "")
	return client
}

func (s *service) subscribe(client subscriptions.Client, token string) answer {
	return s.request("POST", "/api/realtime", fmt.Sprintf(`{"clientId":%q,"subscriptions":["translation_jobs/*"]}`, client.Id()), token)
}

func (s *service) token(changes set) string {
	return sign(clerkKey(), goodHeader(), s.goodClaims().with(changes))
}

// TestEndedSession holds that a session's end is felt at once: by tokens that were
// verified before and by those that were not, and by its streams.
func TestEndedSession(t *testing.T) {
	t.Parallel()
	s, sessions := withSessions(t)
	known, fresh, elsewhere := s.goodToken(), s.token(set{"jti": "fresh"}), s.token(set{"sid": "sess_elsewhere"})
	s.get("/own", known).assert(t, 200, s.user.Id)
	ended, other := s.listen(t, known), s.listen(t, elsewhere)

	sessions.End("sess_2ada")
	s.get("/own", known).assertRefused(t, clerkauth.ReasonSessionEnded)
	s.get("/own", fresh).assertRefused(t, clerkauth.ReasonSessionEnded)
	s.get("/own", elsewhere).assert(t, 200, s.user.Id)
	if !ended.IsDiscarded() || other.IsDiscarded() {
		t.Errorf("the session's stream is cut: %t; another session's: %t", ended.IsDiscarded(), other.IsDiscarded())
	}
}

// TestEndedUser holds that a banned user loses every session, and may come back
// with a token that is newer than that.
func TestEndedUser(t *testing.T) {
	t.Parallel()
	s, sessions := withSessions(t)
	first, second := s.goodToken(), s.token(set{"sid": "sess_elsewhere"})
	bob := s.token(set{"sub": "user_2bob", "sid": "sess_2bob"})
	streams := []*subscriptions.DefaultClient{s.listen(t, first), s.listen(t, second), s.listen(t, bob)}

	sessions.EndUser(userID, s.now())
	s.get("/own", first).assertRefused(t, clerkauth.ReasonSessionEnded)
	s.get("/own", second).assertRefused(t, clerkauth.ReasonSessionEnded)
	s.get("/own", bob).assert(t, 200, s.other.Id)
	if !streams[0].IsDiscarded() || !streams[1].IsDiscarded() || streams[2].IsDiscarded() {
		t.Error("streams are cut that should not be, or live on")
	}
}

// TestStreamsOfAUser holds what becomes of live streams: a newer token is welcome,
// another person's is not, a deletion cuts, and nobody has any number of them.
func TestStreamsOfAUser(t *testing.T) {
	t.Parallel()
	s, _ := withSessions(t)
	client := s.listen(t, s.goodToken())
	s.subscribe(client, s.token(set{"iat": s.in(2), "exp": s.in(62)})).assert(t, 204, "")
	s.subscribe(client, s.token(set{"sub": "user_2bob"})).assert(t, 403, "")

	var last answer
	granted := 1
	for ; granted < 100; granted++ {
		another := subscriptions.NewDefaultClient()
		s.app.SubscriptionsBroker().Register(another)
		t.Cleanup(func() { s.app.SubscriptionsBroker().Unregister(another.Id()) })
		if last = s.subscribe(another, s.goodToken()); last.status != 204 {
			break
		}
	}
	if granted != 30 || last.status != 429 || last.header.Get("Retry-After") == "" {
		t.Errorf("%d streams, then %d", granted, last.status)
	}
	s.subscribe(client, s.goodToken()).assert(t, 204, "") // one that is there already

	if err := s.app.Delete(s.user); err != nil {
		t.Fatal(err)
	}
	if !client.IsDiscarded() {
		t.Error("the stream of a deleted user lives on")
	}
}

// TestStreamLifetime holds that a stream comes back after five minutes at the
// latest, and is forgotten when its connection ends.
func TestStreamLifetime(t *testing.T) {
	t.Parallel()
	s, sessions := withSessions(t)
	event := new(core.RealtimeConnectRequestEvent)
	event.RequestEvent = &core.RequestEvent{App: s.app, Event: router.Event{Request: httptest.NewRequest("GET", "/api/realtime", nil), Response: httptest.NewRecorder()}}
	client := subscriptions.NewDefaultClient()
	event.Client, event.MaxTimeout = client, time.Hour
	err := s.app.OnRealtimeConnectRequest().Trigger(event, func(e *core.RealtimeConnectRequestEvent) error {
		if e.MaxTimeout != 5*time.Minute {
			t.Errorf("a stream may last %s", e.MaxTimeout)
		}
		s.app.SubscriptionsBroker().Register(e.Client)
		s.subscribe(e.Client, s.goodToken()).assert(t, 204, "")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sessions.End("sess_2ada")
	if client.IsDiscarded() {
		t.Error("a stream that has ended is still known")
	}
	s.app.SubscriptionsBroker().Unregister(client.Id())
}
