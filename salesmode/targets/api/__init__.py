ROUTERS: dict = {}
