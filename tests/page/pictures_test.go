package page

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestViewsOfTheDoor and those below go through everything that is to be seen,
// in each language of the page, on a screen and on a phone, by day and by night.
// Each view has to be accessible, not wider than what it is seen on, and content
// with the page's Content-Security-Policy. Where VERSO_SCREENSHOTS names a folder,
// pictures of all of it are put there.
//
// By default a phone is looked at by day and a screen by night, and the English alone
// for what shuts people out; with VERSO_PROOF=full, or pictures, everything is.
func TestViewsOfTheDoor(t *testing.T) {
	s := newStage(t, nil)
	s.walk(t, doorViews())
	s.mustBeContent(t, "/api/v1/config")
}

// TestViewsOfClerk walks through what guests see where people sign in with Clerk.
func TestViewsOfClerk(t *testing.T) {
	server, instance := startServe(t)
	b := mustOpen(t, deskWidth, deskHeight)
	b.watchPolicy(t)
	s := &stage{browser: b, server: server}
	s.must(t, "land", chromedp.Navigate(server.URL), chromedp.WaitVisible(id("landing")))
	s.walk(t, clerkViews(instance.URL()))
	s.mustBeContent(t, developmentKeys, "net::ERR")
}

// TestViewsOfElsewhere looks at what the page is where people sign in on another.
func TestViewsOfElsewhere(t *testing.T) {
	server, _ := startServe(t, "CLERK_PUBLISHABLE_KEY", "", "CLERK_ISSUER", "https://clerk.example.org", "CLERK_PROXY_URL", "")
	b := mustOpen(t, deskWidth, deskHeight)
	b.watchPolicy(t)
	s := &stage{browser: b, server: server}
	s.walk(t, []view{{"elsewhere", func(t *testing.T, s *stage) {
		s.must(t, "open", chromedp.Navigate(server.URL), chromedp.WaitVisible(id("serve-mode")))
	}}})
	s.mustBeContent(t)
}

func TestViewsOfTheDesk(t *testing.T) {
	s := newStage(t, nil)
	s.signIn(t, s.server, "user_demobo")
	s.walk(t, deskViews())
	s.mustBeContent(t, "status of 404", "status of 415")
}

func TestViewsOfTheList(t *testing.T) {
	s := newStage(t, mischief())
	s.fill(t, shelf()...)
	mustShelve(t, s.server, s.server.SignIn(t, "user_demoada"), manyJobs(4))
	s.signIn(t, s.server, "user_demoada")
	s.walk(t, listViews())
	s.mustBeContent(t)
}

func TestViewsOfTheReader(t *testing.T) {
	s := newStage(t, mischief())
	s.fill(t, shelf()...)
	s.signIn(t, s.server, "user_demoada")
	s.walk(t, readerViews())
	s.mustBeContent(t)
}

// walk comes to each view, on a phone and on a screen, and looks at it.
func (s *stage) walk(t *testing.T, views []view) {
	t.Helper()
	for _, view := range views {
		t.Run(view.name, func(t *testing.T) {
			for _, size := range [][2]int64{{phoneWidth, phoneHeight}, {deskWidth, deskHeight}} {
				s.must(t, "set the size of the view", chromedp.EmulateViewport(size[0], size[1]))
				s.dress(t, "light")
				view.come(t, s)
				for _, locale := range []string{"en", "ko"} {
					s.speak(t, locale)
					s.seen(t, view.name, locale, size[0])
				}
			}
			// WCAG's reflow: a screen at four times its size.
			s.must(t, "set the size of the view", chromedp.EmulateViewport(deskWidth/4, phoneHeight))
			for _, locale := range []string{"ko", "en"} {
				s.speak(t, locale)
				s.fits(t, view.name+" "+locale+" magnified")
			}
		})
	}
}

// seen looks at a view by day and by night. Colours are the same in every language,
// so that one is enough to judge them by.
func (s *stage) seen(t *testing.T, name, locale string, width int64) {
	t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		if !everything() && (scheme == "dark") != (width == deskWidth) {
			continue
		}
		here := fmt.Sprintf("%s %s %d %s", name, locale, width, scheme)
		s.dress(t, scheme)
		s.fits(t, here)
		if locale == "en" || everything() && scheme == "light" {
			s.mustBeAccessible(t, here)
		}
	}
	s.dress(t, "light")
}

// everything reports whether no view is to be left out.
func everything() bool {
	return os.Getenv("VERSO_PROOF") == "full" || os.Getenv("VERSO_SCREENSHOTS") != ""
}

// fits holds that what is to be seen is not wider than what it is seen on.
func (s *stage) fits(t *testing.T, here string) {
	t.Helper()
	s.settle(t)
	if wide := ask[int](t, s.browser, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
		t.Errorf("%s is %d pixels too wide", here, wide)
	}
	s.picture(t, strings.ReplaceAll(here, " ", "-"))
}

// picture takes what is to be seen; of a list, what is listed.
func (s *stage) picture(t *testing.T, name string) {
	t.Helper()
	if os.Getenv("VERSO_SCREENSHOTS") == "" {
		return
	}
	if strings.HasPrefix(name, "list") {
		s.must(t, "come to the list", chromedp.Evaluate[chromedp.Void](`void document.getElementById('shelf-title').scrollIntoView()`))
	}
	s.shoot(t, name)
}
