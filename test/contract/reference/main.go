// The real rtcd, for comparison in tests: "serve" runs its server as its own
// program does, "client" drives the service client that the Calls plugin uses.
package main

import (
	"fmt"
	"os"
)

func main() {
	modes := map[string]func([]string) error{"serve": serve, "client": client}
	mode := ""
	if len(os.Args) > 1 {
		mode = os.Args[1]
	}
	run, known := modes[mode]
	if !known {
		fmt.Fprintf(os.Stderr, "usage: reference serve [-config FILE] | reference client -url URL -id ID -key KEY\n")
		os.Exit(2)
	}
	if err := run(os.Args[2:]); err != nil {
		fmt.Fprintf(os.Stderr, "reference %s: %s\n", mode, err)
		os.Exit(1)
	}
}
