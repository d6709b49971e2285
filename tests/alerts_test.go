package tests

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"verso/tests/postgres"
	"verso/tests/process"
)

// TestAlerts holds that each metric in docs/deploy/alerts.yml is one that a service
// with a mirror tells, with the labels that the rules ask for. Those of counters that
// have not counted yet are told of by the same names.
func TestAlerts(t *testing.T) {
	var file struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	if err := yaml.Unmarshal([]byte(deployFile(t, "alerts.yml")), &file); err != nil {
		t.Fatal(err)
	}
	database := postgres.Start(t, postgres.Options{})
	address := process.FreeAddress(t)
	server := process.Start(t, process.Options{Env: env("VERSO_METRICS_ADDR", address, "POSTGRES_URL", database.URL("postgres"))})
	server.SignIn(t, ada).Get(t, "/api/v1/me").MustBe(t, http.StatusOK)
	told := string((&process.Server{URL: "http://" + address}).Guest(t).Get(t, "/metrics").MustBe(t, http.StatusOK).Body)

	rules := 0
	for _, group := range file.Groups {
		for _, rule := range group.Rules {
			rules++
			for _, metric := range regexp.MustCompile(`(verso_\w+)(?:\{(\w+)[^}]*\})?`).FindAllStringSubmatch(rule.Expr, -1) {
				pattern := `(?m)^` + metric[1] + `[ {]`
				if metric[2] != "" {
					pattern = `(?m)^` + metric[1] + `\{[^}]*\b` + metric[2] + `="`
				}
				if !regexp.MustCompile(pattern).MatchString(told) {
					t.Errorf("%s: /metrics does not tell %s", rule.Alert, metric[0])
				}
			}
		}
	}
	if rules == 0 || !slices.ContainsFunc(strings.Split(told, "\n"), func(line string) bool { return strings.HasPrefix(line, "verso_") }) {
		t.Fatalf("%d rules, and /metrics tells:\n%.300s", rules, told)
	}
}
