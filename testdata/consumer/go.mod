module example.org/client

go 1.26.0

require talktrace v0.0.0

replace talktrace => ../..
