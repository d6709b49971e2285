package tests

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// quote is an answer of the quote route.
type quote struct {
	Format         string  `json:"format"`
	SourceLanguage *string `json:"source_language"`
	Characters     int     `json:"characters"`
	Segments       int     `json:"segments"`
	InputTokens    int     `json:"input_tokens"`
	OutputTokens   int     `json:"output_tokens"`
	ThinkingTokens int     `json:"thinking_tokens"`
	CostUSD        *struct {
		Low  float64 `json:"low"`
		High float64 `json:"high"`
	} `json:"cost_usd"`
	PricesOf *string `json:"prices_of"`
	Key      string  `json:"key"`
}

func askQuote(t *testing.T, client *process.Client, upload process.Upload) (answer quote) {
	t.Helper()
	upload.Path = "/api/v1/quote"
	client.Upload(t, upload).MustBe(t, http.StatusOK).Decode(t, &answer)
	return answer
}

// novel is a real text: the first twenty chapters of Moby-Dick.
func novel(t *testing.T, fields ...string) process.Upload {
	t.Helper()
	return process.Upload{Filename: "moby-dick.txt", Content: strings.NewReader(mobyDick(t)), Fields: env(fields...)}
}

// TestQuote asks for the price of a real book and holds it against the tokens
// that the stand-in counts when the book is translated.
func TestQuote(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"fr", "ko"} {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			gemini := standin.StartGemini(t, standin.Config{})
			server := startWithGemini(t, gemini)
			client := server.SignIn(t, ada)
			announced := askQuote(t, client, novel(t, "target_language", target))
			if announced.CostUSD == nil || announced.SourceLanguage == nil || *announced.SourceLanguage != "en" ||
				announced.Format != "txt" || announced.Key != "ok" || announced.PricesOf == nil {
				t.Fatalf("the quote: %+v", announced)
			}
			if len(process.Files(t, server.Dir+"/storage")) != 0 {
				t.Error("the quote left its file behind")
			}
			job := client.MustUpload(t, novel(t, "target_language", target))
			var quoted float64
			if err := json.Unmarshal(job.QuotedCostUSD, &quoted); err != nil {
				t.Fatalf("the job is quoted as %s", job.QuotedCostUSD)
			}
			ended := awaitStatus(t, client, 2*time.Minute, finished(), job.ID)[job.ID]
			cost := ended.Cost(t)
			t.Logf("%d segments; tokens quoted %d in, %d out; counted %d in, %d out; quoted $%.6f ($%.6f to $%.6f), cost $%.6f: off by %+.1f %%",
				announced.Segments, announced.InputTokens, announced.OutputTokens, ended.InputTokens, ended.OutputTokens,
				quoted, announced.CostUSD.Low, announced.CostUSD.High, cost, 100*(quoted/cost-1))
			if math.Abs(quoted/cost-1) > 0.10 || cost < announced.CostUSD.Low || cost > announced.CostUSD.High {
				t.Error("the quote is off by more than a tenth, or the cost outside of its range")
			}
			in, out := countTokens(gemini)
			if in != ended.InputTokens || out != ended.OutputTokens {
				t.Errorf("the job counts %d and %d tokens, the stand-in %d and %d", ended.InputTokens, ended.OutputTokens, in, out)
			}
			if want := (float64(in)*0.10 + float64(out)*0.40) / 1e6; math.Abs(cost-want) > 1e-9 {
				t.Errorf("the job costs $%.9f, want $%.9f", cost, want)
			}
			if announced.Segments != ended.SegmentsTotal {
				t.Errorf("%d segments were announced, there are %d", announced.Segments, ended.SegmentsTotal)
			}
		})
	}
}

// countTokens returns the tokens that the stand-in billed.
func countTokens(gemini *standin.Gemini) (in, out int) {
	for _, request := range gemini.Requests() {
		in += request.InputTokens
		out += request.OutputTokens
	}
	return in, out
}

// TestQuoteUnknownPrice has a model of which nobody knows the price.
func TestQuoteUnknownPrice(t *testing.T) {
	t.Parallel()
	models := append(standin.Models(), "gemini-9-giant")
	gemini := standin.StartGemini(t, standin.Config{Models: models})
	client := startWithGemini(t, gemini).SignIn(t, ada)
	told := plainStory(5)
	with := func(fields ...string) process.Upload {
		return told.upload(append(fields, "model_name", "gemini-9-giant", "target_language", "fr")...)
	}
	if answer := askQuote(t, client, with("api_key", "mine")); answer.CostUSD != nil || answer.InputTokens == 0 {
		t.Errorf("the quote: %+v", answer)
	}
	client.Upload(t, with("api_key", "mine", "max_cost_usd", "1")).MustRefuse(t, http.StatusBadRequest)
	client.Upload(t, with()).MustRefuse(t, http.StatusBadRequest) // the server's key has a limit
	job := client.MustUpload(t, with("api_key", "mine"))
	if ended := awaitStatus(t, client, time.Minute, finished(), job.ID)[job.ID]; ended.Status != "COMPLETED" || string(ended.CostUSD) != "null" {
		t.Errorf("the job is %s and cost %s, want null", ended.Status, ended.CostUSD)
	}
}

// TestBudget gives a book half of what it is quoted at: it stops before that is
// exceeded, goes on with more, and nothing is paid for twice.
func TestBudget(t *testing.T) {
	t.Parallel()
	gemini := standin.StartGemini(t, standin.Config{Latency: 20 * time.Millisecond})
	client := startWithGemini(t, gemini).SignIn(t, ada)
	upload := func(fields ...string) process.Upload {
		return novel(t, append(fields, "target_language", "fr", "segment_size", "4000")...)
	}
	announced := askQuote(t, client, upload())
	half := (announced.CostUSD.Low/0.8 + announced.CostUSD.High/1.3) / 4 // half of what is expected
	whole := client.MustUpload(t, upload("memory", "false"))
	undisturbed := awaitStatus(t, client, time.Minute, finished(), whole.ID)[whole.ID]

	job := client.MustUpload(t, upload("memory", "false", "max_cost_usd", jsonNumber(half)))
	paused := awaitStatus(t, client, time.Minute, append(finished(), "PAUSED"), job.ID)[job.ID]
	if paused.Status != "PAUSED" || paused.PauseReason == nil || *paused.PauseReason != "budget" || paused.ResumesAt != nil {
		t.Fatalf("the job is %s for %v", paused.Status, paused.PauseReason)
	}
	spent := paused.Cost(t)
	t.Logf("a budget of $%.6f stopped the job at $%.6f, %.0f %% of it, after %d of %d segments", half, spent, 100*spent/half, paused.SegmentsDone, paused.SegmentsTotal)
	if spent > half || spent < half/2 {
		t.Errorf("$%.6f were spent of $%.6f", spent, half)
	}
	mustCommand(t, client, job.ID, "resume", map[string]any{"max_cost_usd": 10 * half})
	ended := awaitStatus(t, client, time.Minute, finished(), job.ID)[job.ID]
	if ended.Status != "COMPLETED" || ended.IssuesCount > 0 {
		t.Fatalf("the job is %s with %d issues", ended.Status, ended.IssuesCount)
	}
	t.Logf("in all it cost $%.6f; undisturbed $%.6f", ended.Cost(t), undisturbed.Cost(t))
	if math.Abs(ended.Cost(t)/undisturbed.Cost(t)-1) > 0.02 {
		t.Error("something was paid for twice")
	}
	if string(client.Download(t, job.ID)) != string(client.Download(t, whole.ID)) {
		t.Error("the output is not that of an undisturbed run")
	}
}

// TestBudgetAndEndlessGlossary sends a text with a glossary that makes each question a
// hundred times as long as the text: no question goes out that the budget cannot pay.
func TestBudgetAndEndlessGlossary(t *testing.T) {
	t.Parallel()
	gemini := standin.StartGemini(t, standin.Config{})
	client := startWithGemini(t, gemini).SignIn(t, ada)
	var terms []map[string]string
	told := story{}
	for i := range 1000 {
		term := fmt.Sprintf("Xylo%cq%cr%c", 'a'+i%10, 'a'+i/10%10, 'a'+i/100)
		terms = append(terms, map[string]string{"term": term, "translation": strings.Repeat("Ülo", 150)})
		told = append(told, "Then came "+term+" to the river.")
	}
	glossary, err := json.Marshal(terms)
	if err != nil {
		t.Fatal(err)
	}
	job := client.MustUpload(t, told.ordered("target_language", "fr", "source_language", "en", "segment_size", "100000",
		"style_data", "{}", "glossary_data", string(glossary), "max_cost_usd", "0.02", "memory", "false"))
	ended := awaitStatus(t, client, time.Minute, append(finished(), "PAUSED"), job.ID)[job.ID]
	in, out := countTokens(gemini)
	t.Logf("the job is %s; %d and %d tokens went out, $%.6f of $0.02", ended.Status, in, out, (float64(in)*0.10+float64(out)*0.40)/1e6)
	if ended.Status != "PAUSED" || *ended.PauseReason != "budget" || (float64(in)*0.10+float64(out)*0.40)/1e6 > 0.02 {
		t.Error("the budget was exceeded")
	}
}

// TestCutOffIsCounted pauses and resumes a job again and again: what was cut off
// counts, so the budget ends that.
func TestCutOffIsCounted(t *testing.T) {
	t.Parallel()
	gemini := standin.StartGemini(t, standin.Config{Latency: 5 * time.Second})
	client := startWithGemini(t, gemini, "VERSO_JOB_CONCURRENCY", "4").SignIn(t, ada)
	job := client.MustUpload(t, novel(t, "target_language", "fr", "segment_size", "4000", "style_data", "{}", "glossary_data", "[]",
		"memory", "false", "max_cost_usd", "0.05"))
	// All that may be in flight is, each time: what is cut off on its way out counts
	// as well, and the stand-in knows nothing of it.
	inFlight := func(round int) {
		gemini.MustAwait(t, func(all []standin.Request) bool { return len(standin.Translations(all)) >= 4*round })
	}
	for round := range 4 {
		inFlight(round + 1)
		mustCommand(t, client, job.ID, "pause", nil)
		mustCommand(t, client, job.ID, "resume", map[string]any{})
	}
	inFlight(5)
	mustCommand(t, client, job.ID, "cancel", nil)
	in := 0
	for _, request := range gemini.Translations() {
		in += request.InputTokens
	}
	counted := 0
	process.Holds(10*time.Second, func() bool {
		counted = client.Job(t, job.ID).InputTokens
		return counted > in*9/10
	})
	t.Logf("%d requests with %d tokens went out, %d are counted", len(gemini.Translations()), in, counted)
	if counted < in*8/10 || counted > in*12/10 {
		t.Errorf("%d tokens are counted of %d", counted, in)
	}
}

func jsonNumber(value float64) string {
	encoded, _ := json.Marshal(value) // a finite number always encodes
	return string(encoded)
}

// TestMonthlyBudget lets a user spend his month on the server's key, in several
// jobs at once: they pause until the next month. With a key of his own he goes on,
// and nobody else is touched.
func TestMonthlyBudget(t *testing.T) {
	t.Parallel()
	const limit = 0.02
	gemini := standin.StartGemini(t, standin.Config{Latency: 10 * time.Millisecond})
	server := startWithGemini(t, gemini, "VERSO_USER_MONTHLY_USD", jsonNumber(limit))
	client := server.SignIn(t, ada)
	upload := func(fields ...string) process.Upload {
		return novel(t, append(fields, "target_language", "fr", "segment_size", "4000", "memory", "false", "style_data", "{}", "glossary_data", "[]")...)
	}
	var jobs []string
	for range 3 {
		jobs = append(jobs, client.MustUpload(t, upload()).ID)
	}
	for id, job := range awaitStatus(t, client, time.Minute, append(finished(), "PAUSED"), jobs...) {
		if job.Status == "PAUSED" && (*job.PauseReason != "budget" || job.ResumesAt == nil) {
			t.Errorf("job %s is paused for %s until %v", id, *job.PauseReason, job.ResumesAt)
		}
	}
	var me struct {
		Usage struct {
			Month struct {
				CostUSD  float64 `json:"cost_usd"`
				LimitUSD float64 `json:"limit_usd"`
			} `json:"month"`
		} `json:"usage"`
	}
	// What was in flight when a job paused is written a moment later.
	spent := 0.0
	process.Holds(10*time.Second, func() bool {
		client.Get(t, "/api/v1/me").MustBe(t, http.StatusOK).Decode(t, &me)
		spent = 0
		for _, id := range jobs {
			spent += client.Job(t, id).Cost(t)
		}
		return math.Abs(me.Usage.Month.CostUSD-spent) < 1e-9
	})
	t.Logf("$%.6f of $%.2f were spent in three jobs", spent, limit)
	if spent > limit || spent < limit/2 || math.Abs(me.Usage.Month.CostUSD-spent) > 1e-9 || me.Usage.Month.LimitUSD != limit {
		t.Errorf("the jobs cost $%.6f; the month %+v", spent, me.Usage.Month)
	}

	own := client.MustUpload(t, upload("api_key", "mine"))
	other := server.SignIn(t, bo).MustUpload(t, plainStory(5).upload("target_language", "fr"))
	if job := awaitStatus(t, client, time.Minute, append(finished(), "PAUSED"), own.ID)[own.ID]; job.Status != "COMPLETED" {
		t.Errorf("with a key of his own the job is %s", job.Status)
	}
	awaitStatus(t, server.SignIn(t, bo), time.Minute, []string{"COMPLETED"}, other.ID)
}
