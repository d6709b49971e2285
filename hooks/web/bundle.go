package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

const (
	indexFile = "index.html"
	// firstModule is where the page's code begins, and sourceFolder where its sources
	// are, none of which is served by itself.
	firstModule, sourceFolder = "app/main.js", "app/"
	// chunkFolder is where what several modules share, or what is fetched later, is
	// served under names that hold a digest of it.
	chunkFolder = "app/chunks/"
	// preloadMark stands in index.html where the modules are named that the page
	// begins with.
	preloadMark = "<!-- modules -->"
)

// bundle puts the page's modules together as the binary starts, so that a browser
// asks for a few files in place of a hundred, and there is no build step before. It
// returns the files by their paths, and those that the page begins with.
func bundle(public fs.FS) (files map[string][]byte, first []string, err error) {
	built := api.Build(api.BuildOptions{
		EntryPointsAdvanced: []api.EntryPoint{{InputPath: firstModule, OutputPath: strings.TrimSuffix(firstModule, ".js")}},
		Plugins:             []api.Plugin{filesOf(public)},
		Bundle:              true,
		Splitting:           true,
		Format:              api.FormatESModule,
		Target:              api.ES2022,
		Charset:             api.CharsetUTF8,
		MinifyWhitespace:    true,
		MinifyIdentifiers:   true,
		MinifySyntax:        true,
		LegalComments:       api.LegalCommentsNone, // vendor/LICENSES.md is served
		Sourcemap:           api.SourceMapLinked,
		AbsWorkingDir:       "/",
		Outdir:              "/",
		ChunkNames:          chunkFolder + "[hash]",
		Metafile:            true,
	})
	if len(built.Errors) > 0 {
		failed := built.Errors[0]
		if failed.Location != nil {
			return nil, nil, fmt.Errorf("%s:%d: %s", failed.Location.File, failed.Location.Line, failed.Text)
		}
		return nil, nil, errors.New(failed.Text)
	}
	files = map[string][]byte{}
	for _, file := range built.OutputFiles {
		files[strings.TrimPrefix(file.Path, "/")] = file.Contents
	}
	first, err = begunWith(built.Metafile)
	return files, first, err
}

// filesOf lets esbuild find modules in the page's files and nowhere else.
func filesOf(public fs.FS) api.Plugin {
	const namespace = "page"
	return api.Plugin{Name: namespace, Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(asked api.OnResolveArgs) (api.OnResolveResult, error) {
			name := asked.Path
			if asked.Kind != api.ResolveEntryPoint {
				name = path.Join(path.Dir(asked.Importer), asked.Path)
			}
			return api.OnResolveResult{Path: name, Namespace: namespace}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: namespace}, func(asked api.OnLoadArgs) (api.OnLoadResult, error) {
			data, err := fs.ReadFile(public, asked.Path)
			contents := string(data)
			return api.OnLoadResult{Contents: &contents, Loader: api.LoaderJS}, err
		})
	}}
}

// begunWith reads from esbuild's account of a bundle which files the first one
// cannot begin without.
func begunWith(account string) ([]string, error) {
	var built struct {
		Outputs map[string]struct {
			Imports []struct{ Path, Kind string }
		}
	}
	if err := json.Unmarshal([]byte(account), &built); err != nil {
		return nil, fmt.Errorf("read what was bundled: %w", err)
	}
	known := map[string]bool{}
	for queue := []string{firstModule}; len(queue) > 0; queue = queue[1:] {
		if known[queue[0]] {
			continue
		}
		known[queue[0]] = true
		for _, imported := range built.Outputs[queue[0]].Imports {
			if imported.Kind == "import-statement" {
				queue = append(queue, imported.Path)
			}
		}
	}
	first := make([]string, 0, len(known))
	for name := range known {
		first = append(first, name)
	}
	slices.Sort(first)
	return first, nil
}

// preload names files in index.html, which a browser would else find one after
// another.
func preload(index []byte, modules []string) ([]byte, error) {
	if !bytes.Contains(index, []byte(preloadMark)) {
		return nil, errors.New("index.html: " + preloadMark + " is missing")
	}
	var links strings.Builder
	for _, module := range modules {
		fmt.Fprintf(&links, `<link rel="modulepreload" href="/%s">`, module)
	}
	return bytes.Replace(index, []byte(preloadMark), []byte(links.String()), 1), nil
}

// minifiedCSS leaves out of a style sheet what is for people who read it.
func minifiedCSS(data []byte) ([]byte, error) {
	small := api.Transform(string(data), api.TransformOptions{Loader: api.LoaderCSS, Charset: api.CharsetUTF8, MinifyWhitespace: true, MinifySyntax: true})
	if len(small.Errors) > 0 {
		return nil, errors.New(small.Errors[0].Text)
	}
	return small.Code, nil
}
