package gemini

import (
	"strings"

	"verso/hooks/translation/engine"
)

// pricesOf is the date of the prices below.
const pricesOf = "2026-10-07"

// tariff is what a model costs, in US dollars a million tokens.
type tariff struct {
	model         string
	input, output float64
}

// tariffs lists the prices of the Gemini API's pay-as-you-go tier for text, as
// of [pricesOf] (ai.google.dev/gemini-api/docs/pricing). Where a price rises with
// the length of the question, it is that of short ones: a segment never reaches
// 200,000 tokens.
func tariffs() []tariff {
	return []tariff{
		{"gemini-2.5-flash-lite", 0.10, 0.40},
		{"gemini-2.5-flash", 0.30, 2.50},
		{"gemini-2.5-pro", 1.25, 10},
		{"gemini-3.5-flash-lite", 0.30, 2.50},
		{"gemini-3.8-flash", 0.75, 3.75},
		{"gemini-3.5-flash", 1.50, 9},
		{"gemini-3.1-pro-preview", 2, 12},
	}
}

// pricesByModel returns the price of a token of each model.
func pricesByModel() map[string]engine.Price {
	const million = 1_000_000
	prices := map[string]engine.Price{}
	for _, t := range tariffs() {
		prices[t.model] = engine.Price{Input: engine.Dollars(t.input) / million, Output: engine.Dollars(t.output) / million}
	}
	return prices
}

// Price returns what a model costs. A name with a version behind it costs what
// the model does, such as "gemini-2.5-flash-001"; one that is more than a version
// is another model.
func (e *Engine) Price(model string) (engine.Price, bool) {
	name := strings.TrimPrefix(model, "models/")
	price, ok := e.prices[name]
	if ok {
		return price, true
	}
	if base, version, found := cutLast(name, "-"); found && isVersion(version) {
		price, ok = e.prices[base]
	}
	return price, ok
}

// PricesOf returns the date of the prices.
func (*Engine) PricesOf() string { return pricesOf }

// MostOutput returns the most tokens that an answer to a question of so many
// bytes can have: what [outputLimit] allows, whatever the bytes are.
func (e *Engine) MostOutput(model string, bytes int) int {
	family := familyOf(e.families, strings.TrimPrefix(model, "models/"))
	return min(leastOutput+family.thoughts+tokensPerByte*bytes, maxOutputTokens)
}

// EnoughOutput returns how many tokens nearly every answer to a question of so
// many bytes has at most: twice what a token for four bytes makes, and twice the
// usual thoughts.
func (e *Engine) EnoughOutput(model string, bytes int) int {
	family := familyOf(e.families, strings.TrimPrefix(model, "models/"))
	tokens := leastOutput/2 + bytes/2
	thoughts := min(family.thoughts, leastOutput+int(family.thinks*float64(bytes)/2))
	if family.thinks == 0 {
		thoughts = 0
	}
	return min(tokens+thoughts, e.MostOutput(model, bytes))
}

// Thinks returns how many tokens a model thinks for each of its answer.
func (e *Engine) Thinks(model string) float64 {
	return familyOf(e.families, strings.TrimPrefix(model, "models/")).thinks
}

func cutLast(s, separator string) (before, after string, found bool) {
	at := strings.LastIndex(s, separator)
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+len(separator):], true
}

// isVersion reports whether the end of a model's name is a version: "latest", or
// three digits.
func isVersion(s string) bool {
	if s == "latest" {
		return true
	}
	return len(s) == 3 && strings.Trim(s, "0123456789") == ""
}
