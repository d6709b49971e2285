package lane

import "math"

const (
	// bytesPerToken is the first guess: text is denser than English only in
	// scripts of three bytes a character and a token for each. Google says some
	// four characters of English make a token
	// (https://ai.google.dev/gemini-api/docs/tokens).
	bytesPerToken = 3
	// memory is how many answers an estimate remembers at least; twice as many
	// at most.
	memory = 32
	// telling is the smallest estimate from which anything is learned: below
	// it what the engine adds on its own, and the rounding, say more than the
	// text.
	telling = 64
	// A bill that differs from the first guess by more than tenfold is no
	// measurement of text.
	lowestScale, highestScale = 0.1, 10
)

// estimate turns bytes into tokens: by the most tokens a byte that the last
// answers were billed. The zero value knows nothing yet.
type estimate struct {
	answers  int     // in this stretch of memory
	current  float64 // highest scale of this stretch; 0: none
	previous float64 // of the one before; 0: none, which stands for 1
}

// scale is how many times the first guess is needed.
func (e *estimate) scale() float64 {
	if e.previous == 0 {
		return max(1, e.current)
	}
	return max(e.previous, e.current)
}

func (e *estimate) tokens(bytes int) int {
	return int(math.Ceil(float64(max(bytes, 0)) / bytesPerToken * e.scale()))
}

// learn compares a bill with an estimate made at the given scale.
func (e *estimate) learn(estimated, billed int, scale float64) {
	if estimated < telling || billed <= 0 {
		return
	}
	needed := scale * float64(billed) / float64(estimated)
	e.current = max(e.current, min(max(needed, lowestScale), highestScale))
	if e.answers++; e.answers == memory {
		e.answers, e.previous, e.current = 0, e.current, 0
	}
}
