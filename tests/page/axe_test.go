package page

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// axe is the script that looks for what shuts people out. It is injected by the
// debugger, which the page's Content-Security-Policy does not hinder.
var axe = sync.OnceValues(func() (string, error) {
	script, err := os.ReadFile(filepath.Join(checks, "node_modules", "axe-core", "axe.min.js"))
	return string(script), err
})

// violated returns a line for each rule that is violated, with where. Gradients,
// which axe gives up at, are taken away while it looks: those of the page are a
// shadow between leaves and lines one pixel wide. So it has to know every contrast
// but those of what something open covers; that is reached by closing it.
const violated = `(async () => {
	const plain = new CSSStyleSheet();
	plain.replaceSync('*, ::before, ::after { background-image: none !important } .spread::after { content: none !important }');
	document.adoptedStyleSheets = [plain];
	const result = await axe.run(document, {
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
		rules: { 'target-size': { enabled: true } },
		resultTypes: ['violations', 'incomplete'],
		elementRef: true, selectors: false, // a way to find each element again is most of the work
	});
	document.adoptedStyleSheets = [];
	const menu = document.querySelector('.menu');
	const told = ({ id, help, nodes }) => id + ' (' + help + '): ' + nodes.slice(0, 4).map(({ html, any, all, none }) =>
		html.slice(0, 160) + ' [' + [...any, ...all, ...none].map(({ message }) => message).join('; ').slice(0, 240) + ']').join(' AND ');
	return [...result.violations, ...result.incomplete.filter(({ id }) => id === 'color-contrast').map((rule) => ({ ...rule, nodes: rule.nodes.filter(({ any }) => !/overl|obscured|non-text/.test(any[0].message)) }))]
		.map((rule) => (rule.id === 'target-size' && menu ? { ...rule, nodes: rule.nodes.filter(({ element }) => menu.contains(element)) } : rule))
		.filter(({ nodes }) => nodes.length).map(told);
})()`

// mustBeAccessible holds what is to be seen to WCAG 2.2, level AA, as far as a
// machine can tell.
func (b *browser) mustBeAccessible(t *testing.T, view string) {
	t.Helper()
	if violations := b.askAxe(t); len(violations) > 0 {
		t.Errorf("%s shuts people out:\n\t%s", view, strings.Join(violations, "\n\t"))
	}
}

// askAxe brings axe to the page where it is not there, and returns what it finds.
func (b *browser) askAxe(t *testing.T) []string {
	t.Helper()
	if !ask[bool](t, b, `typeof axe === 'object'`) {
		mustHaveChecks(t)
		script, err := axe()
		if err != nil {
			t.Fatal(err)
		}
		b.must(t, "bring axe", chromedp.Evaluate[chromedp.Void](script+"; undefined"))
	}
	violations, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](violated, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("ask axe: %v", err)
	}
	return violations
}

// TestAxeFinds holds that what is found in other views is to be believed: in a
// broken page it is found.
func TestAxeFinds(t *testing.T) {
	s := newStage(t, nil)
	s.must(t, "open", chromedp.Navigate(s.server.URL), chromedp.WaitVisible(id("sign-in-user_demoada")))
	s.must(t, "spoil it", chromedp.Evaluate[chromedp.Void](`void (() => {
		const faint = Object.assign(document.createElement('p'), {textContent: 'hardly to be read'});
		faint.style.cssText = 'color: #bbb; background: #fff';
		document.querySelector('.threshold-right').append(document.createElement('input'), faint);
	})()`))
	violations := s.askAxe(t)
	for _, rule := range []string{"label", "color-contrast"} {
		if !strings.Contains(fmt.Sprint(violations), rule+" (") {
			t.Errorf("a violation of %s was not found: %v", rule, violations)
		}
	}
}
