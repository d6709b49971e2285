package lane

import (
	"math/rand/v2"
	"time"
)

const (
	// longestAsked bounds what an engine may ask for.
	longestAsked = time.Hour
	// firstPause and longestPause bound the pause after a 429 that asks for
	// none.
	firstPause, longestPause = time.Second, time.Minute
	// remembered is how long after its last use what a lane has learned is
	// worth keeping.
	remembered = time.Hour
)

// Limits are limits a minute. 0 means that there is none.
type Limits struct {
	Requests    int
	InputTokens int
	// Travel is how long after [Lane.Begin] a request may leave at most, where that
	// is not at once: it counts for so much longer, so that the limits hold for what
	// arrives. Default: 0.
	Travel time.Duration
}

// Lane is what one model may be asked with one key. It is made by [New] and must
// be guarded by its caller.
type Lane struct {
	clock    clock
	window   window
	gauges   [measures]gauge
	outage   outage
	estimate estimate
	jitter   func() float64 // from 0 to less than 1

	flying  amounts // what is out
	answers int
	used    time.Duration // when something began or ended last

	quiet     time.Duration // until when a 429 or a Retry-After stops everything
	refusals  int           // bursts of 429s in a row, with no answer between
	refusedAt time.Duration // when the last burst began
	until     time.Time     // of a quota of the day
}

// Ticket is a request that is out. It belongs to the lane that gave it, and ends
// exactly once by one of the lane's methods that take one.
type Ticket struct {
	slot   uint64
	sent   time.Duration
	tokens int
	scale  float64 // of the estimate
	probe  uint64  // 0: none
}

// New returns a lane with the given limits, which are never exceeded in any 60
// seconds. Where there is none, and below them, limits are learned from the
// engine's 429s. Negative limits are none.
func New(limits Limits) *Lane {
	return &Lane{
		jitter: rand.Float64,
		window: window{travel: max(limits.Travel, 0)},
		gauges: [measures]gauge{
			requests:    newGauge(requests, limits.Requests),
			inputTokens: newGauge(inputTokens, limits.InputTokens),
		},
		refusedAt: never,
	}
}

// Opens returns when a request of about so many input tokens may go out: now
// means at once, and later means to ask again then. Answers and failures in
// between may open the lane earlier or later. ok is false where it depends on an
// answer that is still out (the lone probe of an outage): ask again when a
// request has ended.
func (l *Lane) Opens(now time.Time, tokens int) (at time.Time, ok bool) {
	t := l.clock.read(now)
	l.window.expire(t)
	wait := max(l.quiet, l.outage.until)
	for m, cost := range cost(tokens) {
		wait = max(wait, l.gauges[m].opens(t, &l.window, cost))
	}
	at = now
	if wait > t {
		at = l.clock.time(now, wait)
	}
	if l.until.After(at) {
		at = l.until
	}
	if !at.After(now) && l.outage.probe != 0 {
		return time.Time{}, false
	}
	return at, true
}

// Begin counts a request that goes out. It must follow an [Lane.Opens] that said
// at once for as many tokens. The tokens should come from an [Lane.Estimate] made
// for that, which is what bills are compared with.
func (l *Lane) Begin(now time.Time, tokens int) Ticket {
	t := l.clock.read(now)
	l.window.expire(t)
	l.used = t
	out := cost(tokens)
	l.flying.add(out)
	for m := range l.gauges {
		l.gauges[m].spend(t, out[m])
	}
	return Ticket{
		slot:   l.window.add(t, out),
		sent:   t,
		tokens: out[inputTokens],
		scale:  l.estimate.scale(),
		probe:  l.outage.begin(),
	}
}

// cost is what a request of so many tokens counts.
func cost(tokens int) amounts {
	return amounts{requests: 1, inputTokens: max(tokens, 0)}
}

// Estimate returns how many input tokens a request of so many bytes of UTF-8 may
// cost, instructions included: a third of the bytes at first, later what recent
// bills say, and rather too many than too few.
func (l *Lane) Estimate(bytes int) int { return l.estimate.tokens(bytes) }

// Exhausted says that the quota of the day is used up: nothing goes out before.
// The last call counts, and a time that is past ends it. The request that was
// told so still ends by [Lane.Answered] or [Lane.Dropped].
func (l *Lane) Exhausted(until time.Time) { l.until = until }

// Until returns when the quota of the day is there again, which may be past or
// zero.
func (l *Lane) Until() time.Time { return l.until }

// Answers returns how many requests were answered so far. A request that fails
// again and again while others are answered has the fault in itself; when nothing
// is answered, the engine has it.
func (l *Lane) Answers() int { return l.answers }

// Idle reports whether the lane may be forgotten: nothing is out, a new lane
// would exceed nothing, and what was learned has not been of use for an hour.
func (l *Lane) Idle(now time.Time) bool {
	t := l.clock.read(now)
	l.window.expire(t)
	if l.flying[requests] > 0 || l.window.length > 0 || l.quiet > t || l.until.After(now) {
		return false
	}
	learned := l.outage.on || l.gauges[requests].learned > 0 || l.gauges[inputTokens].learned > 0
	return !learned || t-l.used >= remembered
}
