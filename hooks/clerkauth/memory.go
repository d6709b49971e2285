package clerkauth

import (
	"crypto/sha256"
	"sync"
	"time"
)

// maxRemembered bounds the tokens that are remembered: some 8 MB when full. A
// token lives for a minute, so that many stand for as many people who are busy in
// the same minute; what is beyond is verified anew.
const maxRemembered = 20_000

// digest is what a token is remembered by, so that none is kept.
type digest = [sha256.Size]byte

// memory remembers verified tokens until they expire, so that a signature is
// verified once for a token and not once for a request. It takes constant time a
// call and constant memory an entry: a claim's ids are bounded by maxIDBytes.
type memory struct {
	max int

	mu     sync.RWMutex
	claims map[digest]Claims
	// forgotten counts how often everything was forgotten.
	forgotten int
	// queue holds the digests in the order in which they came, a ring. Tokens
	// live equally long, so those at its head are the first to expire.
	queue        []digest
	head, length int
}

func newMemory(most int) *memory {
	return &memory{max: most, claims: map[digest]Claims{}}
}

// recall returns what a token claims if it was verified before and has not
// expired since.
func (m *memory) recall(token digest, now time.Time) (Claims, bool) {
	m.mu.RLock()
	claims, ok := m.claims[token]
	m.mu.RUnlock()
	return claims, ok && claims.live(now)
}

// generation returns what to pass to remember: by it a token is told whose key was
// looked up before everything was forgotten.
func (m *memory) generation() int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.forgotten
}

// remember keeps what a token claims that was verified in a generation. What has
// expired goes, and the oldest where there is no room.
func (m *memory) remember(token digest, claims Claims, now time.Time, generation int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.claims[token]; ok || generation != m.forgotten {
		return // another request with it was here before, or its key counts no more
	}
	for m.length > 0 && (m.length == m.max || !m.claims[m.queue[m.head]].live(now)) {
		delete(m.claims, m.queue[m.head])
		m.head = (m.head + 1) % len(m.queue)
		m.length--
	}
	if m.length == len(m.queue) {
		m.grow()
	}
	m.queue[(m.head+m.length)%len(m.queue)] = token
	m.length++
	m.claims[token] = claims
}

func (m *memory) grow() {
	bigger := make([]digest, min(max(64, 2*len(m.queue)), m.max))
	for i := range m.length {
		bigger[i] = m.queue[(m.head+i)%len(m.queue)]
	}
	m.queue, m.head = bigger, 0
}

// forget drops everything: a key that signed some of it counts no more.
func (m *memory) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.claims)
	m.queue, m.head, m.length = nil, 0, 0
	m.forgotten++
}
