package gemini

import (
	"strings"

	"google.golang.org/genai"
)

// maxOutputTokens is the longest answer of every Gemini model of the generations
// 2.5 and 3, thoughts included (model pages of the Gemini API, November 2026).
// Their questions may have 1,048,576 tokens, which Google checks itself: what is
// longer comes back as [engine.Unsuitable].
const maxOutputTokens = 65_536

// model is one that is known by name. Any other that Google knows can be named
// too; it has no fallback.
type model struct {
	name string
	// offered says whether the model stands among the choices.
	offered bool
	// fallback is the model to ask for what this one cannot translate.
	fallback string
}

// models lists what is known by name, the default first.
//
// A fallback is for the few blocks that a model blocks or gets wrong again and
// again, so it is one that may judge differently: the next stronger one, as
// long as it costs no more than some six times as much (see [tariffs]). The
// strongest, 3.1-pro-preview, has none.
func models() []model {
	return []model{
		{name: "gemini-2.5-flash-lite", offered: true, fallback: "gemini-3.5-flash-lite"},
		{name: "gemini-3.5-flash-lite", offered: true, fallback: "gemini-3.8-flash"},
		{name: "gemini-3.8-flash", offered: true, fallback: "gemini-3.1-pro-preview"},
		{name: "gemini-3.1-pro-preview", offered: true},

		// Google answers with a successor in its place already, and 3.8-flash
		// is newer at less than half the price.
		{name: "gemini-3.5-flash", fallback: "gemini-3.8-flash"},
		// These two retire on 1 December 2026; a job begun with one now could
		// not be finished or retried. They work when named until then, and
		// their fallbacks are what Google names as successors, at the same
		// price and at less.
		{name: "gemini-2.5-flash", fallback: "gemini-3.5-flash-lite"},
		{name: "gemini-2.5-pro", fallback: "gemini-3.8-flash"},
	}
}

// family says how models whose names begin alike are asked. Thinking is kept
// as low as each allows, because thoughts are billed as output and a
// translation gains little by them. The generations differ in how it is said,
// and saying both is refused.
type family struct {
	prefix string
	// budget is the number of tokens for thoughts, of generation 2.5; nil says
	// nothing about it.
	budget *int32
	// level is the same of generation 3, which cannot do without.
	level genai.ThinkingLevel
	// temperature is what a first attempt is asked with; 0 sends none.
	// Generation 3 deprecates temperature, topP and topK.
	temperature float32
	// thoughts is how many output tokens are allowed for thoughts on top of
	// those for the translation, because both count against the same limit.
	thoughts int
	// thinks is how many tokens it thinks for each of its answer, about. At the
	// lowest setting of generation 3 that is a few; a service that left thinking as
	// it was by default counted 158 million beside 70 million of answers.
	thinks float64
}

// firstTemperature is what models of generation 2.5 are asked with first,
// instead of their default of 1: the segments of a book are translated side by
// side and should choose alike, and tags and ids are copied more surely. A
// further attempt leaves the default, because what has failed should not be
// drawn again from nearly the same place.
const firstTemperature = 0.3

// families lists what is known, longer prefixes before shorter ones. Budgets
// and levels are those of the API's page on thinking, November 2026: 2.5-flash
// and 2.5-flash-lite can be told not to think, 2.5-pro takes at least 128
// tokens, "minimal" is refused by 3.8-flash and by the pro models, and "low" is
// taken by all of generation 3.
func families() []family {
	return []family{
		{prefix: "gemini-2.5-flash-lite", budget: new(int32(0)), temperature: firstTemperature},
		{prefix: "gemini-2.5-flash", budget: new(int32(0)), temperature: firstTemperature},
		{prefix: "gemini-2.5-pro", budget: new(int32(128)), temperature: firstTemperature, thoughts: 2048, thinks: 0.1},
		{prefix: "gemini-3.1-flash-lite", level: genai.ThinkingLevelMinimal, thoughts: 4096, thinks: 0.05},
		{prefix: "gemini-3.5-flash-lite", level: genai.ThinkingLevelMinimal, thoughts: 4096, thinks: 0.05},
		{prefix: "gemini-3.5-flash", level: genai.ThinkingLevelMinimal, thoughts: 4096, thinks: 0.05},
		{prefix: "gemini-3", level: genai.ThinkingLevelLow, thoughts: 16_384, thinks: 0.3},
	}
}

// familyOf finds how to ask a model: by the first prefix after which the name
// ends or goes on with a hyphen or a full stop, so that "gemini-3" is meant by
// "gemini-3.8-flash" and not by "gemini-30". A model of no known family is
// asked without a word about thinking or temperature, with room for the
// thoughts that it may have by default.
func familyOf(families []family, name string) family {
	for _, known := range families {
		rest, found := strings.CutPrefix(name, known.prefix)
		if found && (rest == "" || rest[0] == '-' || rest[0] == '.') {
			return known
		}
	}
	return family{thoughts: 32_768, thinks: 2.2}
}

// wellFormed reports whether a name can be one of a model: letters, digits,
// hyphens, full stops and underscores, nothing that changes an address.
func wellFormed(name string) bool {
	if name == "" || len(name) > 100 || strings.Contains(name, "..") || name[0] == '.' {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		digit := '0' <= r && r <= '9'
		return !letter && !digit && r != '-' && r != '.' && r != '_'
	})
}
