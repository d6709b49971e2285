package pseudo

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strconv"
	"strings"

	"verso/hooks/translation/engine"
)

// Faults are mistakes to make: for each kind the chance, 0 to 1, that a
// request meets it. Chances are drawn from the request's own text and the
// number of the attempt, so a run can be repeated exactly.
type Faults map[string]float64

// The kinds of faults.
const (
	// FaultUnavailable answers that the engine is out of reach.
	FaultUnavailable = "unavailable"
	// FaultMalformed answers with something that is no answer.
	FaultMalformed = "malformed"
	// FaultBlocked refuses the text; it does so at every attempt.
	FaultBlocked = "blocked"
	// FaultHang never answers.
	FaultHang = "hang"
	// FaultMissing leaves the last block out.
	FaultMissing = "missing"
	// FaultDoubled answers the first block twice.
	FaultDoubled = "doubled"
	// FaultUnknown adds a block that nobody asked for.
	FaultUnknown = "unknown"
	// FaultEcho gives the first block back untranslated.
	FaultEcho = "echo"
	// FaultEmpty answers the first block with nothing.
	FaultEmpty = "empty"
	// FaultNumbers loses the digits of every block.
	FaultNumbers = "numbers"
	// FaultTags loses the inline tags of every block.
	FaultTags = "tags"
)

func faultKinds() []string {
	return []string{
		FaultUnavailable, FaultMalformed, FaultBlocked, FaultHang,
		FaultMissing, FaultDoubled, FaultUnknown, FaultEcho, FaultEmpty, FaultNumbers, FaultTags,
	}
}

// ParseFaults reads "missing=0.1,echo=0.05". The empty string means none.
func ParseFaults(spec string) (Faults, error) {
	faults := Faults{}
	for part := range strings.SplitSeq(spec, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		kind, value, _ := strings.Cut(part, "=")
		if !slices.Contains(faultKinds(), kind) {
			return nil, fmt.Errorf("it takes faults with their chances, such as missing=0.1,echo=0.05; known are %s", strings.Join(faultKinds(), ", "))
		}
		chance, err := strconv.ParseFloat(value, 64)
		if err != nil || !(chance >= 0 && chance <= 1) {
			return nil, fmt.Errorf("the fault %s takes a chance from 0 to 1, such as %s=0.1", kind, kind)
		}
		faults[kind] = chance
	}
	return faults, nil
}

// fail returns the error that a request meets, if it meets one.
func (f Faults) fail(ctx context.Context, request engine.Request) error {
	switch {
	case f.strikes(FaultHang, request, request.Attempt):
		<-ctx.Done()
		return ctx.Err()
	case f.strikes(FaultUnavailable, request, request.Attempt):
		return &engine.Error{Kind: engine.Unreachable, Err: errors.New("told to be out of reach")}
	case f.strikes(FaultMalformed, request, request.Attempt):
		return &engine.Error{Kind: engine.Malformed, Err: errors.New("told to answer nonsense")}
	case f.strikes(FaultBlocked, request, 0):
		return &engine.Error{Kind: engine.Blocked, Err: errors.New("told to block this text")}
	}
	return nil
}

// spoil makes an answer wrong in the ways a request meets.
func (f Faults) spoil(request engine.Request, blocks []engine.Block) []engine.Block {
	strikes := func(kind string) bool {
		return len(blocks) > 0 && f.strikes(kind, request, request.Attempt)
	}
	if strikes(FaultEcho) {
		blocks[0].Text = request.Payload.Blocks[0].Text
	}
	if strikes(FaultEmpty) {
		blocks[0].Text = ""
	}
	if strikes(FaultNumbers) {
		removeRunes(blocks, "0123456789")
	}
	if strikes(FaultTags) {
		removeRunes(blocks, "<>")
	}
	if strikes(FaultMissing) {
		blocks = blocks[:len(blocks)-1]
	}
	if strikes(FaultDoubled) {
		blocks = append(blocks, blocks[0])
	}
	if strikes(FaultUnknown) {
		blocks = append(blocks, engine.Block{ID: "nobody-asked", Text: "[?]"})
	}
	return blocks
}

func (f Faults) strikes(kind string, request engine.Request, attempt int) bool {
	chance := f[kind]
	if chance <= 0 {
		return false
	}
	draw := fnv.New64a()
	fmt.Fprintf(draw, "%s %d", kind, attempt)
	for _, block := range request.Payload.Blocks {
		draw.Write([]byte(block.ID))
		draw.Write([]byte(block.Text))
	}
	// FNV's high bits hardly move for inputs that differ in a few letters, so
	// they are mixed once more (the finaliser of MurmurHash3).
	x := draw.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return float64(x>>11)/float64(uint64(math.MaxUint64)>>11) < chance
}

func removeRunes(blocks []engine.Block, unwanted string) {
	for i := range blocks {
		blocks[i].Text = strings.Map(func(r rune) rune {
			if strings.ContainsRune(unwanted, r) {
				return -1
			}
			return r
		}, blocks[i].Text)
	}
}
