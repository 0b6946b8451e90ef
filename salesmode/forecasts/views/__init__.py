"""The pages of forecasts, pipeline changes and deal inspection."""
