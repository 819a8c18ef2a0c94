package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// apiPage holds what the packages export.
const apiPage = "../../docs/api.txt"

// TestAPI keeps exported names from changing unseen: docs/api.txt lists them all.
// With -update it is written anew; what then disappears from it, or changes,
// breaks programs that use the packages.
func TestAPI(t *testing.T) {
	var have bytes.Buffer
	for _, dir := range packages(t, "../..") {
		exported, err := exportedOf(dir)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.ToSlash(strings.TrimPrefix(dir, filepath.FromSlash("../../")))
		fmt.Fprintf(&have, "package talktrace/%s\n\n%s\n", path, strings.Join(exported, "\n"))
	}
	if *update {
		if err := os.WriteFile(apiPage, have.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(apiPage)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(want, have.Bytes()) {
		return
	}
	for _, gone := range missing(string(want), have.String()) {
		t.Errorf("no longer exported: %s", gone)
	}
	for _, new := range missing(have.String(), string(want)) {
		t.Errorf("exported, but not in docs/api.txt: %s", new)
	}
	t.Error("docs/api.txt is not what the packages export; if that is meant, make docs writes it anew")
}

// missing returns the lines of a that b does not have.
func missing(a, b string) []string {
	in := map[string]bool{}
	for line := range strings.Lines(b) {
		in[line] = true
	}
	var lines []string
	for line := range strings.Lines(a) {
		if !in[line] {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

// packages returns the folders of the packages that other modules can import.
func packages(t *testing.T, root string) []string {
	var dirs []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || !d.IsDir():
			return err
		case path == root:
			return nil
		case slices.Contains([]string{"internal", "testdata", "cmd", "docs"}, d.Name()), strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		}
		if sources, _ := filepath.Glob(filepath.Join(path, "*.go")); len(sources) > 0 {
			dirs = append(dirs, path)
		}
		return nil
	})
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no packages: %v", err)
	}
	return dirs
}

// exportedOf returns what a package exports, a declaration each, sorted. It is that
// of one system, on whatever system this runs.
func exportedOf(dir string) ([]string, error) {
	context := build.Default
	context.GOOS, context.GOARCH, context.CgoEnabled = "linux", "amd64", true
	found, err := context.ImportDir(dir, 0)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, name := range slices.Concat(found.GoFiles, found.CgoFiles) {
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if !ast.FileExports(file) {
			continue
		}
		for _, d := range file.Decls {
			for _, one := range single(d) {
				text, err := printed(files, one)
				if err != nil {
					return nil, err
				}
				all = append(all, text)
			}
		}
	}
	slices.Sort(all)
	return all, nil
}

// single takes apart a declaration of several names, and leaves out what is not
// seen from outside.
func single(d ast.Decl) []ast.Decl {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil && !ast.IsExported(receiver(d.Recv.List[0].Type)) {
			return nil
		}
		d.Body = nil
		return []ast.Decl{d}
	case *ast.GenDecl:
		var all []ast.Decl
		for _, s := range d.Specs {
			if v, ok := s.(*ast.ValueSpec); ok && !literal(v.Values) {
				v.Values = nil
			}
			if d.Tok != token.IMPORT {
				all = append(all, &ast.GenDecl{Tok: d.Tok, Specs: []ast.Spec{s}})
			}
		}
		return all
	}
	return nil
}

// receiver returns the name of the type that a method belongs to.
func receiver(of ast.Expr) string {
	for {
		switch t := of.(type) {
		case *ast.StarExpr:
			of = t.X
		case *ast.IndexExpr:
			of = t.X
		case *ast.Ident:
			return t.Name
		default:
			return ""
		}
	}
}

// literal reports whether values say by themselves what they are.
func literal(values []ast.Expr) bool {
	for _, v := range values {
		if _, ok := v.(*ast.BasicLit); !ok {
			return false
		}
	}
	return true
}

// printed returns a declaration as gofmt has it, without blank lines.
func printed(files *token.FileSet, d ast.Decl) (string, error) {
	var b bytes.Buffer
	as := printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}
	if err := as.Fprint(&b, files, d); err != nil {
		return "", err
	}
	var lines []string
	for line := range strings.Lines(b.String()) {
		if line = strings.TrimRight(line, " \t\n"); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n"), nil
}
