package clerkauth

import (
	"maps"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

const (
	// endedMemory is how long an ended session is remembered. A session never
	// comes back, and by then its last token has long expired.
	endedMemory = 24 * time.Hour
	// maxEnded bounds the memory to some 10 MB. Beyond it the one that ended
	// first is forgotten.
	maxEnded = 50_000
	// maxStreams is how many realtime streams one user may have at a time: a page
	// has one, so it is as many windows, on whatever machines.
	maxStreams = 30
)

// Sessions knows which of Clerk's sessions were ended, and which realtime streams
// belong to whom. A token says for a minute more that its session lives, and a
// stream is asked for no further token at all; whoever hears from Clerk that a
// session has ended tells it here:
//
//	sessions := clerkauth.NewSessions(app)
//	clerkauth.MustRegister(app, clerkauth.Config{Sessions: sessions})
//	sessions.End("sess_…")
//
// It remembers as long as the process lives. It is safe for use by several
// goroutines.
type Sessions struct {
	app       core.App
	now       func() time.Time
	unclaimed *unclaimed

	mu      sync.Mutex
	ended   map[string]time.Time         // when, by the id of a session or a user
	order   []string                     // the ids, the first to end in front
	streams map[string]map[string]stream // by Clerk's id of the user, then by client
}

// stream is a realtime stream of somebody.
type stream struct {
	session string
	end     func() // ends its request
}

// NewSessions returns an empty value. It cuts the streams of app.
func NewSessions(app core.App) *Sessions {
	return &Sessions{
		app: app, now: time.Now, unclaimed: newUnclaimed(),
		ended:   map[string]time.Time{},
		streams: map[string]map[string]stream{},
	}
}

// End refuses every token of a session from now on and cuts its streams.
func (s *Sessions) End(sessionID string) {
	s.mu.Lock()
	s.note(sessionID, s.now())
	cut := map[string]stream{}
	for _, streams := range s.streams {
		for client, stream := range streams {
			if stream.session == sessionID {
				cut[client] = stream
			}
		}
	}
	s.mu.Unlock()
	s.cut(cut)
}

// EndUser refuses every token that a user was given until then, and cuts all of
// his streams: he was banned. A token that Clerk makes for him later counts again.
func (s *Sessions) EndUser(clerkUserID string, then time.Time) {
	s.mu.Lock()
	s.note(clerkUserID, then)
	s.mu.Unlock()
	s.CutUser(clerkUserID)
}

// CutUser cuts all streams of a user and leaves his tokens alone: he was deleted,
// and whoever asks with one is told that there is no such user any more.
func (s *Sessions) CutUser(clerkUserID string) {
	s.mu.Lock()
	cut := maps.Clone(s.streams[clerkUserID])
	s.mu.Unlock()
	s.cut(cut)
}

// cut ends streams. Not under mu: each comes back with detach. One that has only
// begun is not known to PocketBase yet, so its request is ended too.
func (s *Sessions) cut(streams map[string]stream) {
	for client, stream := range streams {
		s.app.SubscriptionsBroker().Unregister(client)
		stream.end()
	}
}

// note remembers that something has ended. The caller holds mu.
func (s *Sessions) note(id string, then time.Time) {
	now := s.now()
	for len(s.order) > 0 && (len(s.order) >= maxEnded || now.Sub(s.ended[s.order[0]]) > endedMemory) {
		delete(s.ended, s.order[0])
		s.order = s.order[1:]
	}
	if _, again := s.ended[id]; !again {
		s.order = append(s.order, id)
	}
	if then.After(s.ended[id]) {
		s.ended[id] = then
	}
}

// check refuses the tokens of what was ended.
func (s *Sessions) check(claims Claims) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ended) == 0 {
		return nil
	}
	_, session := s.ended[claims.SessionID]
	at, user := s.ended[claims.UserID]
	if session || user && !claims.IssuedAt.After(at) {
		return &Refusal{ReasonSessionEnded, "The session has been ended. Sign in again."}
	}
	return nil
}

// attach says whose a stream is from now on. It reports whether the user may have
// one more.
func (s *Sessions) attach(client string, claims Claims, end func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	streams := s.streams[claims.UserID]
	if _, again := streams[client]; !again && len(streams) >= maxStreams {
		return false
	}
	if streams == nil {
		streams = map[string]stream{}
		s.streams[claims.UserID] = streams
	}
	streams[client] = stream{claims.SessionID, end}
	return true
}

// detach forgets a stream that has ended.
func (s *Sessions) detach(client, clerkUserID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	streams := s.streams[clerkUserID]
	delete(streams, client)
	if len(streams) == 0 {
		delete(s.streams, clerkUserID)
	}
}
