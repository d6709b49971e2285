package engine

import (
	"fmt"
	"math"
	"strconv"
)

// USD is an amount of US dollars in billionths. Prices of models are a few
// cents a million tokens, so a token costs some hundred of them; sums are exact.
type USD int64

// Dollar is one US dollar.
const Dollar USD = 1_000_000_000

// Dollars returns the amount nearest to a number of dollars; the largest there
// is for what is larger, and none for what is no number.
func Dollars(amount float64) USD {
	switch billionths := amount * float64(Dollar); {
	case math.IsNaN(billionths):
		return 0
	case billionths >= math.MaxInt64:
		return math.MaxInt64
	case billionths <= math.MinInt64:
		return math.MinInt64
	default:
		return USD(math.Round(billionths))
	}
}

// Float returns the amount in dollars.
func (u USD) Float() float64 { return float64(u) / float64(Dollar) }

// String returns the amount for people, such as "$0.27" or "$0.0031".
func (u USD) String() string {
	digits := 2
	if u > -Dollar/10 && u < Dollar/10 && u != 0 {
		digits = 4
	}
	return fmt.Sprintf("$%.*f", digits, u.Float())
}

// MarshalJSON writes the amount in dollars, as a number.
func (u USD) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, u.Float(), 'f', -1, 64), nil
}

// Price is what a model's tokens cost.
type Price struct {
	// Input is the price of a token sent, Output of one received. Thoughts are
	// billed as output.
	Input, Output USD
}

// Of returns what a usage costs.
func (p Price) Of(usage Usage) USD {
	return USD(usage.InputTokens)*p.Input + USD(usage.OutputTokens+usage.ThinkingTokens)*p.Output
}

// Priced is an engine whose requests cost money.
type Priced interface {
	Engine
	// Price returns what a model's tokens cost, and false where that is not
	// known.
	Price(model string) (Price, bool)
	// PricesOf returns the date of the prices, as 2006-01-02.
	PricesOf() string
	// MostOutput returns the most tokens, thoughts included, that an answer to a
	// question of so many bytes can have.
	MostOutput(model string, bytes int) int
	// EnoughOutput returns how many tokens are enough for nearly every answer to
	// such a question. It is what is set aside where there is no money for more.
	EnoughOutput(model string, bytes int) int
	// Thinks returns how many tokens a model thinks for each token of its
	// answer, about.
	Thinks(model string) float64
}
