// Package page drives the page in a real Chromium, against a running binary.
package page

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"verso/tests/process"
)

func TestMain(m *testing.M) { os.Exit(process.Main(m)) }

// patience bounds each thing that is done in the browser, and longest a whole test.
// Every wait is for something to appear; none is for a time to pass.
const patience, longest = time.Minute, 8 * time.Minute

// browser is a tab of its own, with everything it complained about.
type browser struct {
	ctx context.Context

	mu         sync.Mutex
	complaints []string
}

// mustOpen starts Chromium with one empty tab of the given size.
func mustOpen(t *testing.T, width, height int) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(mustFindChromium(t)),
		chromedp.NoSandbox, // CI runs as root, where Chromium's sandbox does not
		chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-quic", true),
		chromedp.WindowSize(width, height),
	)
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancelAllocator)
	tab, cancelTab := chromedp.NewContext(allocator)
	t.Cleanup(cancelTab)
	// The browser begins without the deadline, which would end all of it.
	if err := chromedp.Do(tab, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	ctx, cancel := context.WithTimeout(tab, longest)
	// A window has a least width; the view of a phone is narrower.
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(int64(width), int64(height))); err != nil {
		t.Fatalf("set the size of the view: %v", err)
	}

	b := &browser{ctx: ctx}
	// What the page throws or warns of, and what breaks its
	// Content-Security-Policy, all comes as messages of the console.
	messages := chromedp.Console(ctx)
	listening := make(chan struct{})
	go func() {
		defer close(listening)
		for message, err := range messages {
			if err != nil {
				return
			}
			if message.IsException() || message.Type == "error" || message.Type == "warning" {
				b.complain(fmt.Sprintf("%s: %s %s", message.Source, message.Text, message.URL))
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-listening
	})
	t.Cleanup(func() {
		if t.Failed() {
			b.shoot(t, "failed-"+strings.ReplaceAll(t.Name(), "/", "-"))
		}
	})
	return b
}

func mustFindChromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("Chromium is not installed; .ci/test installs it")
	return ""
}

func (b *browser) complain(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.complaints = append(b.complaints, what)
}

// mustBeContent fails the test if the page threw, warned, or broke its own
// Content-Security-Policy. Browsers also complain of answers that are refusals;
// those that the test provokes are named.
func (b *browser) mustBeContent(t *testing.T, provoked ...string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, complaint := range b.complaints {
		if !slices.ContainsFunc(provoked, func(part string) bool { return strings.Contains(complaint, part) }) {
			t.Errorf("the browser complained: %s", complaint)
		}
	}
}

// must runs actions.
func (b *browser) must(t *testing.T, doing string, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		t.Fatalf("%s: %v; the browser said %q", doing, err, b.complaints)
	}
}

// id selects an element by its data-testid.
func id(testID string) chromedp.CSS { return chromedp.CSS(fmt.Sprintf(`[data-testid="%s"]`, testID)) }

// ask evaluates an expression in the page.
func ask[T any](t *testing.T, b *browser, expression string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("ask the page: %v", err)
	}
	return value
}

// poll waits until an expression holds in the page.
func (b *browser) poll(t *testing.T, what, expression string) {
	t.Helper()
	b.must(t, "wait until "+what, chromedp.Poll[chromedp.Void](expression))
}

// key presses a key where the focus is.
func (b *browser) key(t *testing.T, keys string) {
	t.Helper()
	b.must(t, "press "+keys, chromedp.KeyEvent(keys))
}

// press clicks what is to be seen already; to bring it there a browser would scroll.
func (b *browser) press(t *testing.T, selector chromedp.CSS) {
	t.Helper()
	b.must(t, "press "+string(selector), chromedp.WaitVisible(selector),
		chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`void document.querySelector('%s').click()`, selector)))
}

// signIn signs a person in by one click and waits for the workspace.
func (b *browser) signIn(t *testing.T, server *process.Server, userID string) {
	t.Helper()
	b.must(t, "sign in",
		chromedp.Navigate(server.URL),
		chromedp.Click(id("sign-in-"+userID)),
		chromedp.WaitVisible(id("signed-in-name")),
	)
}

// upload chooses a file and a language and sends it.
func (b *browser) upload(t *testing.T, path, language string) {
	t.Helper()
	b.must(t, "upload",
		chromedp.WaitReady(id("file-input")),
		chromedp.SetUploadFiles(id("file-input"), []string{path}),
		chromedp.WaitVisible(id("target-language")),
		chromedp.SetValue(id("target-language"), language),
		// A script's change of a select says nothing to the page by itself.
		chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
			`void document.querySelector('%s').dispatchEvent(new Event('change', {bubbles: true}))`, id("target-language"))),
		chromedp.Click(id("upload-submit")),
		chromedp.WaitVisible(id("job")),
	)
}

// shoot takes a picture of what is to be seen, if VERSO_SCREENSHOTS names a
// folder to put it in.
func (b *browser) shoot(t *testing.T, name string) {
	t.Helper()
	folder := os.Getenv("VERSO_SCREENSHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644)
	}
	if err != nil {
		t.Logf("picture %s: %v", name, err)
	}
}
