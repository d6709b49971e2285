package lane

import "time"

const (
	// decrease is what a 429 leaves of what the engine was seen to take.
	decrease = 0.9
	// increase is the part of the knee by which a limit grows each minute.
	increase = 0.05
	// firstPatience and longestPatience bound how long a limit stays at the
	// knee before it is tried whether the engine takes more.
	firstPatience, longestPatience = time.Minute, time.Hour
	// steady is how far a knee may lie from the one before to confirm it, as a
	// part of that; a knee is not known better than to one request, either.
	steady = 0.25
	// slack is how much earlier than evenly a request may go out under a
	// learned limit. It makes up for callers that come late, and being no
	// longer than the second that span adds to the minute it does not make a
	// minute hold more than the limit.
	slack = time.Second
)

// least is the lowest limit learned, and the lowest step of growth: one request
// a minute, or the tokens of a short one.
var least = [measures]float64{requests: 1, inputTokens: 1000}

// gauge is the limit of one measure: the one configured, and what was learned.
type gauge struct {
	measure    measure
	configured int // 0: none

	learned float64 // 0: nothing; always less than what is configured
	knee    float64 // what the engine was seen to take, or said it takes
	before  float64 // the limit in force before the last lesson; 0: none

	lesson   time.Duration // when the last one was
	patience time.Duration
	stated   float64 // the limit that the engine named last; 0: none
	statedAt time.Duration

	pressed bool          // the learned limit held something back since changed
	changed time.Duration // when the limit was last changed or looked at
	strides int           // steps beyond the knee

	most  int // the highest sum of a window that was neither refused nor out, since the last lesson
	shown int // the same, before the last lesson

	due time.Duration // when what went out is paid for, evenly
}

func newGauge(m measure, configured int) gauge {
	return gauge{measure: m, configured: max(configured, 0), lesson: never}
}

// limit returns the limit in force, 0 if there is none.
func (g *gauge) limit() int {
	if g.learned > 0 {
		return int(g.learned)
	}
	return g.configured
}

// opens returns when so much may go out.
func (g *gauge) opens(now time.Duration, w *window, cost int) time.Duration {
	g.grow(now)
	limit := g.limit()
	if limit == 0 {
		return 0
	}
	at := w.falls(g.measure, limit-min(cost, limit))
	if g.learned > 0 {
		at = max(at, g.due-slack)
		g.pressed = g.pressed || at > now
	}
	return at
}

// spend paces what goes out.
func (g *gauge) spend(now time.Duration, cost int) {
	if g.learned > 0 {
		g.due = max(g.due, now) + g.share(cost)
	}
}

// correct paces by the bill instead of the estimate.
func (g *gauge) correct(now time.Duration, by int) {
	if g.learned > 0 {
		g.due = min(g.due+g.share(by), now+span)
	}
}

// share is the part of a span that so much of the learned limit takes; the whole
// at most, because a request above the limit goes out into an empty window.
func (g *gauge) share(cost int) time.Duration {
	part := float64(cost) / g.learned
	return time.Duration(max(-1, min(part, 1)) * float64(span))
}

// took notes that a window held so much that was neither refused nor out.
func (g *gauge) took(sum int) { g.most = max(g.most, sum) }

// teach learns from a 429 to a request of the given cost that was sent at sent.
// taken is what the window holds that was not refused; stated is the limit that
// the engine named, or 0.
func (g *gauge) teach(now, sent time.Duration, cost, taken, stated int) {
	lesson := sent > g.lesson
	previous := g.knee
	if lesson {
		g.begin(now)
	}
	if stated > 0 {
		g.stated, g.statedAt = float64(stated), now
	}
	if stated > 0 && (g.before == 0 || g.stated < g.before) {
		g.knee = g.stated
		g.learned = g.stated
	} else {
		g.knee = g.met(cost, taken)
		g.learned = max(g.knee*decrease, g.before/2, least[g.measure])
		if g.before > 0 {
			g.learned = min(g.learned, g.before)
		}
	}
	if !lesson {
		return
	}
	if d := g.knee - previous; previous > 0 && max(d, -d) <= max(steady*previous, float64(cost)) {
		g.patience = min(2*g.patience, longestPatience)
	} else {
		g.patience = firstPatience
	}
}

// begin puts down what is known before a lesson changes it.
func (g *gauge) begin(now time.Duration) {
	g.before = float64(g.limit())
	if g.learned > 0 {
		g.before = g.learned
	}
	g.lesson = now
	g.changed, g.pressed, g.strides = now, false, 0
	g.shown, g.most = g.most, 0
	if g.knee > 0 {
		// A sum above the knee may have been spread over two minutes of an
		// engine whose minute begins anew, so it proves nothing.
		g.shown = min(g.shown, int(g.knee))
	}
}

// met estimates the limit that a request met: at least what was taken, and less
// than that and the request together. A sum between the two that was taken
// before is the better estimate: a large request is refused long before the
// limit is used up.
func (g *gauge) met(cost, taken int) float64 {
	if g.shown < taken+cost {
		taken = max(taken, g.shown)
	}
	return max(float64(taken), least[g.measure])
}

// grow raises the learned limit once a minute if it held something back.
func (g *gauge) grow(now time.Duration) {
	if g.learned == 0 || !g.pressed || now-g.changed < minute {
		return
	}
	g.changed, g.pressed = now, false
	step := max(g.knee*increase, least[g.measure])
	switch {
	case g.learned < g.knee:
		g.learned = min(g.learned+step, g.knee)
	case now-g.lesson >= g.patience:
		g.learned += min(step*float64(uint64(1)<<min(g.strides, 32)), g.learned)
		g.strides++
	}
	if g.stated > 0 && g.learned > g.stated && now-g.statedAt < longestPatience {
		g.learned, g.strides = g.stated, 0
	}
	if g.configured > 0 && g.learned >= float64(g.configured) {
		g.learned = 0
	}
}
