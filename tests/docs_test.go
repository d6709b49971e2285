package tests

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestDocs holds the documentation to what is there: its links lead somewhere, the
// variables that it names are read by somebody, the README's tables have each
// variable with its default and each route of the description, and no others, and
// each reason of a refused token is explained.
func TestDocs(t *testing.T) {
	readme := mustRead(t, "../README.md")
	defaults := configuredVariables(t)
	elsewhere := variablesElsewhere(t)
	for _, path := range pagePaths(t) {
		source := mustRead(t, path)
		report(t, brokenLinks(path, source))
		report(t, unknownVariables(path, source, func(name string) bool {
			_, ok := defaults[name]
			return ok || elsewhere[name]
		}))
	}
	report(t, wrongDefaults(tableRows(string(readme), "## Run it with your Clerk application"), defaults))
	report(t, wrongRoutes(tableRows(string(readme), "## Use it"), describedRoutes(t)))
	report(t, missingReasons(string(mustRead(t, "../docs/clerk.md")), string(mustRead(t, "../hooks/clerkauth/refusal.go"))))
}

// TestDocsIsStrict shows what [TestDocs] finds, in pages that are wrong.
func TestDocsIsStrict(t *testing.T) {
	known := func(name string) bool { return name == "VERSO_KNOWN" }
	defaults := map[string]string{"VERSO_KNOWN": "2m", "VERSO_PAIR": "8", "VERSO_NONE": ""}
	routes := []string{"GET /a/{id}", "POST /a/{id}/on", "POST /a/{id}/off"}
	const path = "../README.md"
	for name, test := range map[string]struct {
		wrong []string
		want  int
	}{
		"good links":         {brokenLinks(path, []byte("# A `b` c\n## A b c\n[x](#a-b-c) [x](#a-b-c-1) [x](docs/clerk.md#five-steps) [x](docs/deploy) [x](https://example.org/x)")), 0},
		"a missing file":     {brokenLinks(path, []byte("[x](docs/nowhere.md)")), 1},
		"a missing anchor":   {brokenLinks(path, []byte("[x](docs/clerk.md#nowhere)")), 1},
		"no heading here":    {brokenLinks(path, []byte("# A\n| a |\n|---|\n| [x](#b) |\n")), 1},
		"a missing picture":  {brokenLinks(path, []byte("![x](docs/pictures/nowhere.png)")), 1},
		"a picture in HTML":  {brokenLinks(path, []byte("<img src=\"docs/pictures/nowhere.png\"> x")), 1},
		"a known variable":   {unknownVariables(path, []byte("`VERSO_KNOWN=1`, `VERSO_TEST_…`"), known), 0},
		"unknown variables":  {unknownVariables(path, []byte("`VERSO_KNOWM` and `$CLERK_SECRET`"), known), 2},
		"right defaults":     {wrongDefaults([][]string{{"`VERSO_KNOWN`, `VERSO_PAIR`", "", "`2m`; 8"}, {"`VERSO_NONE`", "", "–"}}, defaults), 0},
		"another default":    {wrongDefaults([][]string{{"`VERSO_KNOWN`, `VERSO_PAIR`", "", "`2m`; 9"}, {"`VERSO_NONE`", "", "–"}}, defaults), 1},
		"a variable lacking": {wrongDefaults([][]string{{"`VERSO_KNOWN`, `VERSO_PAIR`", "", "`2m`; 8"}}, defaults), 1},
		"right routes":       {wrongRoutes([][]string{{"`GET /a/{id}?b=`", ""}, {"`POST /a/{id}/on`, `…/off`", ""}}, routes), 0},
		"a route too many":   {wrongRoutes([][]string{{"`GET`, `PUT /a/{id}`", ""}, {"`POST /a/{id}/on`, `POST …/off?c=`", ""}}, routes), 1},
		"a route lacking":    {wrongRoutes([][]string{{"`GET /a/{id}`", ""}, {"`POST /a/{id}/on`", ""}}, routes), 1},
		"a reason lacking":   {missingReasons("| `a`, `b-c` |", "Reason = \"a\"\nReason = \"b-c\"\nReason = \"b\""), 1},
		"no reasons at all":  {missingReasons("| `a` |", ""), 1},
	} {
		if len(test.wrong) != test.want {
			t.Errorf("%s: %d findings instead of %d: %q", name, len(test.wrong), test.want, test.wrong)
		}
	}
}

func report(t *testing.T, wrong []string) {
	t.Helper()
	for _, finding := range wrong {
		t.Error(finding)
	}
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// pagePaths lists the documentation.
func pagePaths(t *testing.T) []string {
	t.Helper()
	paths := []string{"../README.md", "README.md", "bench/README.md"}
	for _, pattern := range []string{"../docs/*.md", "../docs/*/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, found...)
	}
	return paths
}

// variable finds names of variables, and the beginnings of such names, which end
// with an underscore.
func variable() *regexp.Regexp {
	return regexp.MustCompile(`\b(?:(?:VERSO|CLERK|NEXT_PUBLIC_CLERK|GEMINI|GOOGLE_GEMINI)_[A-Z0-9_]+|POSTGRES_URL[A-Z0-9_]*)`)
}

// unknownVariables returns the variables that a page names and nobody knows.
func unknownVariables(path string, source []byte, known func(string) bool) (wrong []string) {
	for _, name := range variable().FindAllString(string(source), -1) {
		if !strings.HasSuffix(name, "_") && !known(name) {
			wrong = append(wrong, fmt.Sprintf("%s: nobody reads %s", path, name))
		}
	}
	return wrong
}

// configuredVariables returns the variables of config.go with their defaults, "" for
// none. A negative one only says that nothing was set.
func configuredVariables(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../config.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	defaults := map[string]string{}
	ast.Inspect(file, func(node ast.Node) bool {
		field, ok := node.(*ast.Field)
		if !ok || field.Tag == nil {
			return true
		}
		tag, err := strconv.Unquote(field.Tag.Value)
		if err != nil {
			t.Fatal(err)
		}
		if name := reflect.StructTag(tag).Get("env"); name != "" {
			defaults[name] = reflect.StructTag(tag).Get("envDefault")
			if strings.HasPrefix(defaults[name], "-") {
				defaults[name] = ""
			}
		}
		return true
	})
	if len(defaults) < 30 {
		t.Fatalf("only %d variables were found in config.go", len(defaults))
	}
	return defaults
}

// variablesElsewhere returns the variables that tests read, as they are quoted in
// their sources, and those of the files in docs that people copy.
func variablesElsewhere(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	collect := func(root string, takes func(path string) bool, pattern *regexp.Regexp) {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && entry.Name() == "node_modules":
				return fs.SkipDir
			case entry.IsDir() || !takes(path):
				return nil
			}
			for _, name := range pattern.FindAllString(string(mustRead(t, path)), -1) {
				names[strings.Trim(name, `"`)] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	quoted := regexp.MustCompile(`"VERSO_[A-Z0-9_]+"`)
	collect("../tests", func(path string) bool { return filepath.Ext(path) == ".go" }, quoted)
	collect("../hooks", func(path string) bool { return strings.HasSuffix(path, "_test.go") }, quoted)
	collect("../docs", func(path string) bool { return !slices.Contains([]string{".md", ".png"}, filepath.Ext(path)) }, variable())
	return names
}

// tableRows returns the cells of the first table below a heading.
func tableRows(text, heading string) (rows [][]string) {
	_, section, _ := strings.Cut(text, heading+"\n")
	for line := range strings.Lines(section) {
		line = strings.TrimSpace(line)
		switch inTable := strings.HasPrefix(line, "|"); {
		case inTable && !strings.HasPrefix(line, "|---"):
			cells := strings.Split(strings.Trim(line, "|"), "|")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			rows = append(rows, cells)
		case !inTable && len(rows) > 0:
			return rows[1:] // without the headings
		}
	}
	return nil
}

// codeSpans returns what stands between backticks.
func codeSpans(cell string) (spans []string) {
	for _, found := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cell, -1) {
		spans = append(spans, found[1])
	}
	return spans
}

// wrongDefaults compares a table of variables, whose third column has the defaults,
// with those of config.go. One that has no default of its own may say in words what
// happens.
func wrongDefaults(rows [][]string, defaults map[string]string) (wrong []string) {
	missing := maps.Clone(defaults)
	for _, row := range rows {
		names, values := codeSpans(row[0]), strings.Split(row[len(row)-1], ";")
		for i, name := range names {
			delete(missing, name)
			value := strings.Trim(strings.TrimSpace(values[min(i, len(values)-1)]), "`")
			if want := defaults[name]; want != "" && value != want {
				wrong = append(wrong, fmt.Sprintf("README: the default of %s is %s, not %s", name, want, value))
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		wrong = append(wrong, "README: the table lacks "+name)
	}
	return wrong
}

// describedRoutes returns the routes of the description.
func describedRoutes(t *testing.T) (routes []string) {
	t.Helper()
	for _, operation := range mustDescribe(t).Operations() {
		routes = append(routes, operation.Method+" "+operation.Path)
	}
	return routes
}

// wrongRoutes compares a table of routes with those described. A slash at the end
// makes no difference.
func wrongRoutes(rows [][]string, described []string) (wrong []string) {
	left := map[string]bool{}
	for _, route := range described {
		left[strings.TrimSuffix(route, "/")] = true
	}
	there := maps.Clone(left)
	for _, row := range rows {
		for _, route := range routesOf(row[0]) {
			if !there[route] {
				wrong = append(wrong, "README: there is no "+route)
			}
			delete(left, route)
		}
	}
	for _, route := range slices.Sorted(maps.Keys(left)) {
		wrong = append(wrong, "README: the table lacks "+route)
	}
	return wrong
}

// routesOf reads a cell such as "`GET`, `PATCH /notices`" or
// "`POST /jobs/{id}/pause`, `…/resume`", where … is the path before without its end.
func routesOf(cell string) (routes []string) {
	var pending, methods []string
	last := ""
	for _, span := range codeSpans(cell) {
		method, path, ok := strings.Cut(span, " ")
		switch {
		case strings.HasPrefix(span, "…"): // by the methods of the path before
			path = span
		case ok:
			methods, pending = append(pending, method), nil
		default: // a method whose path follows
			pending = append(pending, span)
			continue
		}
		path, _, _ = strings.Cut(path, "?")
		if end, ok := strings.CutPrefix(path, "…"); ok {
			path = last[:strings.LastIndex(last, "/")+1] + strings.TrimPrefix(end, "/")
		}
		last = path
		for _, method := range methods {
			routes = append(routes, method+" "+strings.TrimSuffix(path, "/"))
		}
	}
	return routes
}

// missingReasons returns the reasons of a 401 in a source that a page does not explain.
func missingReasons(page, source string) (wrong []string) {
	reasons := regexp.MustCompile(`Reason = "([a-z-]+)"`).FindAllStringSubmatch(source, -1)
	if len(reasons) == 0 {
		wrong = append(wrong, "no reasons were found")
	}
	for _, reason := range reasons {
		if !strings.Contains(page, "`"+reason[1]+"`") {
			wrong = append(wrong, "docs/clerk.md: does not explain "+reason[1])
		}
	}
	return wrong
}
