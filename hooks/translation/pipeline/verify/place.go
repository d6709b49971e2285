package verify

import (
	"math"
	"math/bits"
	"strings"
)

// shape is what tells whose translation a text is, whatever the languages: how
// long it is, which numbers and names stand in it, whether it asks.
type shape struct {
	known bool
	// expected is how many characters the source lets expect, length how many
	// the translation has.
	expected, length float64
	// of and as are the marks of the source and of the translation.
	of, as marks
	// asks and asked say that they hold a question.
	asks, asked bool
}

// marks is a small set of numbers and names.
type marks [4]uint64

func (m *marks) add(hash uint32) {
	hash *= 0x9e3779b1
	m[hash>>30] |= 1 << (hash >> 24 & 63)
}

func (m *marks) shared(other *marks) int {
	count := 0
	for i := range m {
		count += bits.OnesCount64(m[i] & other[i])
	}
	return count
}

// shapeOf measures a block that passed its own checks.
func (c *Checker) shapeOf(b *bench) shape {
	return shape{
		known:    true,
		expected: c.expected(&b.source), length: float64(b.translation.runes),
		of: marksOf(&b.source, b.found[0]), as: marksOf(&b.translation, b.found[1]),
		asks: asks(b.source.raw), asked: asks(b.translation.raw),
	}
}

func marksOf(r *reading, numbers []number) (m marks) {
	for i := range numbers {
		m.add(hashOf(numbers[i].text()))
	}
	for i := range r.words {
		if w := &r.words[i]; w.script == latin && w.capital && w.runes > 3 {
			m.add(w.hash)
		}
	}
	return m
}

func asks(text string) bool {
	return strings.IndexByte(text, '?') >= 0 || strings.Contains(text, "？") || strings.Contains(text, "؟")
}

const (
	// spread is the standard deviation of the logarithm of a sentence's length
	// in translation over what is expected. It is 0.12 to 0.16 from English into
	// 26 languages of NTREX-128; freer translations are given more.
	spread = 0.25
	// markWeight, askWeight are what a shared mark and a shared question are
	// worth, in nats, and most of each counts.
	markWeight, mostMarks, askWeight, mostLength = 1.5, 3, 1, 4
	// swapped and slipped are from how many nats on blocks fit other blocks
	// better than their own: two that changed places, and a run of at least
	// runLeast that slipped. No answer of 25 blocks of NTREX-128 does, of 31,000
	// between 160 pairs of languages.
	swapped, slipped, runLeast = 9, 12, 3
)

// cost says how badly a translation fits a source, in nats.
func cost(source, translation *shape) float64 {
	deviation := math.Log((translation.length+15)/(source.expected+15)) / spread
	cost := min(deviation*deviation/2, mostLength)
	cost -= markWeight * float64(min(source.of.shared(&translation.as), mostMarks))
	if source.asks != translation.asked {
		cost += askWeight
	}
	return cost
}

// placed looks for translations that stand under the ids of other blocks: two
// that changed places, and runs that slipped by one or two because a block was
// left out or parted. Each by itself may pass all checks; together they fit
// their neighbours so much better that chance explains it no more.
func placed(lines []line) {
	n := len(lines)
	own := make([]float64, n)
	for i := range lines {
		if lines[i].shape.known {
			own[i] = cost(&lines[i].shape, &lines[i].shape)
		}
	}
	gain := func(i, j int) (float64, bool) {
		if j < 0 || j >= n || !lines[i].shape.known || !lines[j].shape.known {
			return 0, false
		}
		return own[i] - cost(&lines[i].shape, &lines[j].shape), true
	}
	for i := range n - 1 {
		there, ok := gain(i, i+1)
		if !ok {
			continue
		}
		if back, _ := gain(i+1, i); there > 0 && back > 0 && there+back >= swapped {
			misplace(lines[i : i+2])
		}
	}
	for _, shift := range [...]int{1, -1, 2, -2} {
		from, sum, best, end := 0, 0.0, 0.0, -1
		settle := func() {
			if best >= slipped && end-from+1 >= runLeast {
				misplace(lines[from : end+1])
			}
		}
		for i := range n {
			gained, ok := gain(i, i+shift)
			if !ok || sum+gained <= 0 {
				settle()
				from, sum, best, end = i+1, 0, 0, -1
				continue
			}
			if sum += gained; sum > best {
				best, end = sum, i
			}
		}
		settle()
	}
}

// misplace marks lines as standing in the wrong place.
func misplace(lines []line) {
	for i := range lines {
		if lines[i].check == "" {
			lines[i].check, lines[i].detail = "place", "it held the translation of another block"
		}
	}
}
