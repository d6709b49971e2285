package translation

import (
	"testing"
	"time"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/pseudo"
)

// priced is an engine whose tokens cost a billionth each, and whose answers may
// have three tokens a byte.
type priced struct{ *pseudo.Engine }

func (priced) Info() engine.Info { return engine.Info{Name: "priced", Models: []string{"m"}} }
func (priced) Price(model string) (engine.Price, bool) {
	return engine.Price{Input: 1, Output: 1}, model == "m"
}
func (priced) PricesOf() string                 { return "2026-01-01" }
func (priced) MostOutput(_ string, b int) int   { return 3 * b }
func (priced) EnoughOutput(_ string, b int) int { return b }
func (priced) Thinks(string) float64            { return 0 }

var _ engine.Priced = priced{}

func TestPursesNeverPayMoreThanTheyHold(t *testing.T) {
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	job, month := &purse{limit: 1000}, &purse{limit: 5000, spent: 4500, renews: nextMonth(now)}
	p := &purses{all: []*purse{job, month}, engine: priced{pseudo.New(pseudo.Config{})}}

	first, ok, _, _ := p.reserve(now, "m", 100) // at most 100 + 300
	if !ok || first.amount != 400 || first.affords("m", 100) != 300 || month.left() != 100 || job.left() != 600 {
		t.Fatalf("got %+v, left %d and %d", first, job.left(), month.left())
	}
	if _, ok, wait, empty := p.reserve(now, "m", 100); ok || !wait || empty != month {
		t.Errorf("what the month has not was lent (%v), waiting is %v", ok, wait)
	}
	p.pay("m", engine.Usage{InputTokens: 20, OutputTokens: 30})
	first.release()
	if month.left() != 450 || job.left() != 950 {
		t.Errorf("after 50: left %d and %d", job.left(), month.left())
	}
	second, ok, _, _ := p.reserve(now, "m", 200) // 800 is too much; 200 + 200 will do
	if !ok || second.amount != 400 || second.affords("m", 200) != 200 {
		t.Fatalf("got %+v", second)
	}
	if most := second.affords("m", 230); most != 170 {
		t.Errorf("a question that is longer than was thought may be answered with %d tokens", most)
	}
	second.release()
	if _, ok, wait, empty := p.reserve(now, "m", 300); ok || wait || empty != month {
		t.Errorf("what nobody can pay for: lent %v, wait %v", ok, wait)
	}
	if _, ok, _, _ := p.reserve(now, "unknown", 1); ok {
		t.Error("a model of unknown price was paid for")
	}
	later := now.Add(24 * time.Hour)
	if _, ok, _, _ := p.reserve(later, "m", 100); !ok || month.spent != 0 || month.left() != 4600 || !month.renews.After(later) {
		t.Errorf("in the next month %d are left until %s", month.left(), month.renews)
	}
}

func TestNoPursesBoundNothing(t *testing.T) {
	var p *purses
	if held, ok, _, _ := p.reserve(time.Time{}, "m", 1<<30); !ok || held.amount != 0 {
		t.Errorf("got %+v %v", held, ok)
	}
	p.pay("m", engine.Usage{InputTokens: 1})
	hold{}.release()
}

func TestMonths(t *testing.T) {
	tests := []struct{ at, month, next string }{
		{"2026-11-30T23:59:59Z", "2026-11", "2026-12-01T00:00:00Z"},
		{"2026-12-31T20:00:00-08:00", "2027-01", "2027-02-01T00:00:00Z"},
		{"2026-12-01T00:00:00Z", "2026-12", "2027-01-01T00:00:00Z"},
	}
	for _, test := range tests {
		at, err := time.Parse(time.RFC3339, test.at)
		if err != nil {
			t.Fatal(err)
		}
		if month, next := monthOf(at), nextMonth(at).Format(time.RFC3339); month != test.month || next != test.next {
			t.Errorf("%s: %s, then %s", test.at, month, next)
		}
	}
}

func TestMoney(t *testing.T) {
	tests := []struct {
		amount engine.USD
		text   string
		json   string
	}{
		{0, "$0.00", "0"},
		{engine.Dollars(2.5), "$2.50", "2.5"},
		{engine.Dollars(0.0031), "$0.0031", "0.0031"},
		{engine.USD(100), "$0.0000", "0.0000001"},
	}
	for _, test := range tests {
		encoded, err := test.amount.MarshalJSON()
		if test.amount.String() != test.text || string(encoded) != test.json || err != nil {
			t.Errorf("%d: %s, %s, %v", test.amount, test.amount, encoded, err)
		}
	}
}
