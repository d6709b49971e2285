package page

import (
	"io"
	"net/http"
	"regexp"
	"testing"

	"verso/tests/process"
)

// What the page's own and vendored code may weigh as it travels: what the page
// begins with, and all of it with what is fetched when it is needed.
const (
	maxFirstBytes = 60_000
	maxCodeBytes  = 90_000
)

// TestWeight holds that the page stays small, and says what it weighs.
func TestWeight(t *testing.T) {
	server := process.Start(t, process.Options{})
	index := string(server.Guest(t).Get(t, "/").MustBe(t, http.StatusOK).Body)
	first, styles, queue := 0, 0, []string(nil)
	for _, found := range regexp.MustCompile(`href="(/[^"]+\.(?:js|css))"`).FindAllStringSubmatch(index, -1) {
		size := travels(t, server.URL+found[1])
		if found[1][len(found[1])-3:] == ".js" {
			first += size
			queue = append(queue, found[1])
		} else {
			styles += size
		}
	}
	// Everything that any of it asks for.
	all, known := 0, map[string]bool{}
	for ; len(queue) > 0; queue = queue[1:] {
		if known[queue[0]] {
			continue
		}
		known[queue[0]] = true
		all += travels(t, server.URL+queue[0])
		code := string(server.Guest(t).Get(t, queue[0]).MustBe(t, http.StatusOK).Body)
		for _, chunk := range regexp.MustCompile(`"\./(?:chunks/)?(\w+\.js)"`).FindAllStringSubmatch(code, -1) {
			if chunk[1] != "main.js" {
				queue = append(queue, "/app/chunks/"+chunk[1])
			}
		}
	}
	t.Logf("%d bytes of code travel at first, %d in all in %d files, and %d of styles", first, all, len(known), styles)
	if first == 0 || first > maxFirstBytes {
		t.Errorf("the code that the page begins with has %d bytes, and may have %d", first, maxFirstBytes)
	}
	if all <= first || all > maxCodeBytes {
		t.Errorf("the code has %d bytes, and may have %d", all, maxCodeBytes)
	}
}

// travels returns how many bytes an answer has on its way to a browser.
func travels(t *testing.T, url string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "gzip, deflate, br") // as browsers do
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	size, err := io.Copy(io.Discard, response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s is answered with %s, %v", url, response.Status, err)
	}
	return int(size)
}
