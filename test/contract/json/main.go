// What Go's decoder makes of bodies: go run test/contract/json/main.go < vectors.json > new.json
// reads the inputs of the list and writes them with their outcomes.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type vector struct {
	Input  string            `json:"input"`
	Error  string            `json:"error,omitempty"`
	Values map[string]string `json:"values,omitempty"`
}

func main() {
	var vectors []vector
	if err := json.NewDecoder(os.Stdin).Decode(&vectors); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for i := range vectors {
		values := map[string]string{}
		vectors[i].Error, vectors[i].Values = "", nil
		if err := json.NewDecoder(strings.NewReader(vectors[i].Input)).Decode(&values); err != nil {
			vectors[i].Error = err.Error()
		} else {
			vectors[i].Values = values
		}
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(vectors); err != nil {
		os.Exit(1)
	}
}
