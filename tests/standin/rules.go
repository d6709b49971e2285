package standin

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"time"
)

// Rule says when to misbehave and how. All the conditions that are set must
// hold; a rule without conditions strikes every translation.
type Rule struct {
	// Fault is what to do. A rule does not strike a request to which its fault
	// cannot happen, such as DroppedTags where there are no tags.
	Fault Fault

	// Kind is the kind of request to strike. Default: [Translation]. Faults of
	// blocks happen to translations only.
	Kind Kind
	// Numbers are the numbers of the requests to strike, from 1.
	Numbers []int
	// From and To bound the numbers, both inclusive; 0 is no bound.
	From, To int
	// Holding strikes requests of which a block contains this text, and picks
	// that block to spoil.
	Holding string
	// Over strikes requests of more characters of text than this.
	Over int
	// Model strikes requests for this model.
	Model string
	// Key strikes requests with this API key.
	Key string
	// Chance, 0 to 1, is how likely each request is struck; 0 is always. It is
	// drawn from the seed, the model, the blocks and how often they have been
	// asked for, so that runs repeat in whatever order requests come.
	Chance float64
	// First strikes only questions of which no block was asked for before.
	First bool
	// Times is how often the rule strikes at most; 0 is no bound.
	Times int

	// All spoils every block instead of one.
	All bool
	// RetryDelay is what a 429 or 503 asks for.
	RetryDelay time.Duration
	// Quota is the limit that a 429 tells.
	Quota int
	// Reason is the blockReason of BlockedPrompt.
	Reason string
	// Delay is the time between the bytes of SlowDrip. With any other fault it
	// is added to the latency.
	Delay time.Duration
	// Bytes is the size of HugeAnswer.
	Bytes int
}

// rules holds the rules in force and what they have struck.
type rules struct {
	sync.Mutex
	seed  uint64
	inUse []Rule
	times []int
	asked map[uint64]int
	known map[string]bool // texts of blocks that were asked for
}

// use replaces the rules; what was asked for so far is remembered.
func (r *rules) use(rules []Rule) {
	for _, rule := range rules {
		if !slices.Contains(Faults(), rule.Fault) {
			panic(fmt.Sprintf("standin: there is no fault %q", rule.Fault))
		}
	}
	r.Lock()
	defer r.Unlock()
	r.inUse = slices.Clone(rules)
	r.times = make([]int, len(rules))
}

// question is a request as rules see it.
type question struct {
	kind    Kind
	number  int
	model   string
	key     string
	payload Payload
	terms   []Term
}

// content hashes what is asked for, apart from how.
func (q question) content() uint64 {
	hash := fnv.New64a()
	fmt.Fprintf(hash, "%s\x00%s\x00%s\x00%s", q.kind, q.model, q.payload.TargetLanguage, q.payload.Text)
	for _, block := range q.payload.Blocks {
		fmt.Fprintf(hash, "\x00%s\x00%s", block.ID, block.Text)
	}
	return hash.Sum64()
}

// strike returns the rule that strikes, or nil, and counts the question.
func (r *rules) strike(q question) *Rule {
	r.Lock()
	defer r.Unlock()
	content := q.content()
	if r.asked == nil {
		r.asked = map[uint64]int{}
	}
	r.asked[content]++
	first := r.first(q.payload)
	for i, rule := range r.inUse {
		if rule.Times > 0 && r.times[i] >= rule.Times || rule.First && !first || !rule.matches(q) {
			continue
		}
		if rule.Chance > 0 && draw(r.seed, uint64(i), content, uint64(r.asked[content])) >= rule.Chance {
			continue
		}
		r.times[i]++
		return &rule
	}
	return nil
}

// first reports whether no block of a question was asked for before, and
// remembers them.
func (r *rules) first(payload Payload) bool {
	if r.known == nil {
		r.known = map[string]bool{}
	}
	first := true
	for _, block := range payload.Blocks {
		first = first && !r.known[block.Text]
	}
	for _, block := range payload.Blocks {
		r.known[block.Text] = true
	}
	return first
}

// matches reports whether all conditions but chance hold.
func (r Rule) matches(q question) bool {
	kind := r.Kind
	if kind == "" {
		kind = Translation
	}
	switch {
	case kind != Anything && kind != q.kind,
		len(r.Numbers) > 0 && !slices.Contains(r.Numbers, q.number),
		r.From > 0 && q.number < r.From,
		r.To > 0 && q.number > r.To,
		r.Holding != "" && !q.payload.Holds(r.Holding),
		r.Over > 0 && q.payload.Characters() <= r.Over,
		r.Model != "" && strings.TrimPrefix(r.Model, "models/") != q.model,
		r.Key != "" && r.Key != q.key:
		return false
	}
	return r.possible(q)
}

// draw makes a number from 0 to below 1 of other numbers.
func draw(numbers ...uint64) float64 {
	const bits = 53 // of a float64's significand
	return float64(mix(numbers...)>>(64-bits)) / (1 << bits)
}

// mix hashes numbers; every bit of each moves about half of the result's
// (the finaliser of SplitMix64, by Steele, Lea and Flood).
func mix(numbers ...uint64) uint64 {
	var x uint64
	for _, number := range numbers {
		x += number + 0x9e3779b97f4a7c15
		x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
		x = (x ^ x>>27) * 0x94d049bb133111eb
		x ^= x >> 31
	}
	return x
}
